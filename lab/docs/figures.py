"""Writes the figures of the README from benchmarks/results: `python -m lab.docs.figures`.

A row is known by its first cell. Rows that no result stands behind are left alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kit.settings import ROOT

PAGE = ROOT / "README.md"
RESULTS = ROOT / "benchmarks" / "results"

Figures = dict[str, Any]


def saved(name: str) -> Figures:
    """What `vernis bench` wrote with `--save`."""
    found: Figures = msgspec.json.decode((RESULTS / f"{name}.json").read_bytes())
    return found


def table() -> dict[str, str]:
    """The figure of each row, by the row's first cell."""
    pipeline, service, soak, overload = map(saved, ("pipeline", "service", "soak", "overload"))
    search, uploads, hands, faces = map(saved, ("search", "uploads", "detect-hands", "detect-portraits"))
    api = saved("api")
    nails, none, lips, hair = map(saved, ("nails-val", "nails-negatives", "lips-val", "hair-val"))
    simple = [api[route]["per_core_s"] for route in ("get_tryon", "list_tryons", "get_limits")]
    first, shade = service["first"], service["next_shade"]
    grown = {name.rpartition("-")[0]: found["rss_mb"] for name, found in soak["growth_per_1000"].items()}
    return {
        "1080p photo to finished files, in process": f"{_p50_p95(pipeline)}; "
        f"{pipeline['images_per_s_core']} pictures a second and core",
        "the next shade on the same photo": _p50_p95(pipeline["next_shade"]),
        f"memory over {pipeline['jobs']:,} jobs": f"{pipeline['memory']['growth_mb_per_1000_jobs']:+} MB",
        "POST to stored and announced, first look": f"{_p50_p95(first)}; "
        f"four at once p50 {service['concurrent_4']['first']['p50_ms']:.0f} ms",
        "POST to stored and announced, next shade": _p50_p95(shade),
        "memory over next shades through the service": f"{soak['renders']:,} of them: API {grown['api']:+}, "
        f"rendering worker {grown['worker-gpu']:+}, other worker {grown['worker-cpu']:+} MB per 1,000",
        "four times as much as can be done": f"accepted p99 {overload['accepted']['p99_ms']:.0f} ms, "
        f"{overload['p99_ratio']:.1f} times that of an idle service; "
        f"503 with Retry-After in p50 {overload['refused']['p50_ms']:.0f} ms",
        "simple requests through credential, limits and database": f"{min(simple):,} to {max(simple):,} a second and "
        f"core; an empty route under the same server {api['floor']['per_core_s']:,}",
        f"search over {search['designs']:,} designs of one salon, with facets": f"{_p50_p95(search['http'])} "
        f"over HTTP; by SQL alone p95 {search['sequential_scan']['p95_ms']:,.0f} ms",
        "odd and malformed uploads": f"{uploads['n'] - uploads['wrong']} of {uploads['n']} as expected, "
        f"slowest {uploads['slowest_s']:.2f} s, decoder at most {uploads['peak_mb']:.0f} MB",
        "hands found on plain photos of hands, backs and palms": f"{_share(hands, 'dorsal')}, "
        f"{_share(hands, 'palmar')}; on photos without hands {_share(hands, 'nohand')}",
        "nails of labelled photos that were not trained on": f"IoU {nails['iou_mean']:.3f} (median "
        f"{nails['iou_median']:.3f}), found {nails['recall']:.0%}, of what is painted {nails['precision']:.0%} right; "
        f"painted on {none['false_photos']} of {none['negatives']} photos without hands",
        "lips of labelled faces": f"IoU {lips['iou_mean']:.3f} (median {lips['iou_median']:.3f})",
        "hair of labelled photos that were not trained on": f"IoU {hair['iou_mean']:.3f} (median "
        f"{hair['iou_median']:.3f}); {hair['painted_without_hair']:.1%} of the picture painted beside it",
        "faces found on single portraits, on groups": f"{_share(faces, 'single')}, "
        f"{_share(faces, 'multi')}; on photos without faces {_share(faces, 'noface')}",
    }


def page(text: str) -> str:
    """The page with the figures as they were measured. Raises LookupError for a row that it does not have."""
    lines = text.splitlines()
    for what, figure in table().items():
        number = next((at for at, line in enumerate(lines) if line.startswith(f"| {what} |")), None)
        if number is None:
            raise LookupError(f"README.md has no row for {what!r}")
        lines[number] = f"| {what} | {figure} |{lines[number].rsplit('|', 2)[1]}|"
    return "\n".join(lines) + "\n"


def _p50_p95(found: Figures) -> str:
    return f"p50 {found['p50_ms']:.0f} ms, p95 {found['p95_ms']:.0f} ms"


def _share(found: Figures, group: str) -> str:
    return f"{found['by'][group]['found']} of {found['by'][group]['images']}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
