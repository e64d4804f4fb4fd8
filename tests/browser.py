"""A real Chromium, driven over its own pipe (Chrome DevTools Protocol): no driver, no package, no port.

Debian's `chromium` or what CHROMIUM names. Source: chromedevtools.github.io/devtools-protocol.
"""

from __future__ import annotations

import asyncio
import base64
import fcntl
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

PHONE, DESKTOP = (390, 844), (1280, 900)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
"""Nothing reaches beyond the right edge, with or without a scroll bar."""
PERSON = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)
"""By itself it says that it is headless, and programs count as nobody."""


LAUNCH = """
import os, sys
heard, said, *command = sys.argv[1:]
os.dup2(int(heard), 3)
os.dup2(int(said), 4)
os.execv(command[0], command)
"""
"""Chromium hears on descriptor 3 and speaks on 4."""


def program() -> str | None:
    """Where Chromium is, if it is anywhere."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


class Chromium:
    """One browser; a tab is opened for each page."""

    def __init__(self, process: asyncio.subprocess.Process, to: int, back: asyncio.StreamReader) -> None:
        self._process, self._to, self._back = process, to, back
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tabs: dict[str, Tab] = {}
        self._number = 0
        self._reading = asyncio.create_task(self._read())

    async def send(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """One command and its answer."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        self._asked[self._number] = asyncio.get_running_loop().create_future()
        os.write(self._to, json.dumps(asked | ({"sessionId": session} if session else {})).encode() + b"\0")
        return await asyncio.wait_for(self._asked[self._number], 30)

    async def tab(
        self,
        size: tuple[int, int] = PHONE,
        *,
        dark: bool = False,
        scripts: bool = True,
        language: str = "en",
        scale: int = 1,
    ) -> Tab:
        """A new tab of this size in CSS pixels, with a memory of its own."""
        context = (await self.send("Target.createBrowserContext"))["browserContextId"]
        target = await self.send("Target.createTarget", url="about:blank", browserContextId=context)
        attached = await self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        tab = self._tabs[attached["sessionId"]] = Tab(self, attached["sessionId"])
        await tab.send("Page.enable")
        await tab.send("Runtime.enable")
        await tab.send("Log.enable")
        await tab.send("Network.enable")
        await tab.send(
            "Emulation.setDeviceMetricsOverride",
            width=size[0], height=size[1], deviceScaleFactor=scale, mobile=size[0] < 600,
        )  # fmt: skip
        await tab.send("Emulation.setUserAgentOverride", userAgent=PERSON, acceptLanguage=language)
        await tab.send("Emulation.setScrollbarsHidden", hidden=size[0] < 600)
        await tab.send("Emulation.setTouchEmulationEnabled", enabled=size[0] < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await tab.send("Emulation.setEmulatedMedia", features=[scheme])
        if not scripts:
            await tab.send("Emulation.setScriptExecutionDisabled", value=True)
        return tab

    async def close(self) -> None:
        self._reading.cancel()
        self._process.terminate()
        await self._process.wait()

    async def _read(self) -> None:
        while True:
            message = json.loads((await self._back.readuntil(b"\0"))[:-1])
            if "id" in message:
                answer = self._asked.pop(message["id"])
                if "error" in message:
                    answer.set_exception(RuntimeError(message["error"]["message"]))
                else:
                    answer.set_result(message["result"])
            elif (tab := self._tabs.get(message.get("sessionId", ""))) is not None:
                tab.hear(message["method"], message["params"])


class Tab:
    """One page. asked: addresses that it fetched, with their methods; said: errors and warnings of its console."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session
        self._loaded = asyncio.Event()
        self.asked: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.status = 0

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        return await self._browser.send(method, self._session, **params)

    async def open(self, url: str) -> int:
        """Go there and wait until all of it has arrived; the status of the page."""
        self._loaded.clear()
        await self.send("Page.navigate", url=url)
        await self.loaded()
        return self.status

    async def loaded(self) -> None:
        """Wait until the page that is on its way has arrived."""
        await asyncio.wait_for(self._loaded.wait(), 30)
        await asyncio.sleep(0.2)  # fonts and the first paint

    async def evaluate(self, expression: str) -> Any:
        """What a script in the page says (also where the page may run none of its own)."""
        result = await self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def picture(self, *, whole: bool = False) -> bytes:
        """A PNG of what is seen, or of the whole page."""
        shown = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(shown["data"])

    async def press(self, key: str) -> None:
        code = {"ArrowLeft": 37, "ArrowRight": 39, "Tab": 9, "End": 35, "Home": 36}[key]
        for kind in ("rawKeyDown", "keyUp"):
            await self.send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code
            )

    async def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """With the left button of a mouse."""
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def swipe(self, at: tuple[float, float], by: float) -> None:
        """A finger moves sideways by so many pixels."""
        x, y = at
        await self._touch("touchStart", x, y)
        for step in range(1, 11):
            await self._touch("touchMove", x + by * step / 10, y)
            await asyncio.sleep(0.016)
        await self._touch("touchEnd")

    async def _touch(self, kind: str, *point: float) -> None:
        points = [{"x": point[0], "y": point[1]}] if point else []
        await self.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def hear(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Page.loadEventFired":
                self._loaded.set()
            case "Network.requestWillBeSent":
                self.asked.append((params["request"]["method"], params["request"]["url"]))
            case "Network.responseReceived" if params["type"] == "Document":
                self.status = params["response"]["status"]
            case "Log.entryAdded":
                self.said.append(f"{params['entry']['level']}: {params['entry']['text']}")
            case "Runtime.exceptionThrown":
                self.said.append(f"error: {params['exceptionDetails']['text']}")


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are not in the way of 3 and 4."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


@asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    """A browser of its own, without a window. Raises LookupError where there is none."""
    found = program()
    if found is None:
        raise LookupError("there is no chromium here")
    read_here, write_there = _pipe()
    read_there, write_here = _pipe()
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LAUNCH, str(read_there), str(write_there), found,
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
            "--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--force-color-profile=srgb", "about:blank",
            pass_fds=(read_there, write_there), env={"HOME": folder, "PATH": os.defpath},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        os.close(read_there)
        os.close(write_there)
        back = asyncio.StreamReader(limit=64 << 20)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(back), os.fdopen(read_here, "rb", 0)
        )
        browser = Chromium(process, write_here, back)
        try:
            yield browser
        finally:
            await browser.close()
            transport.close()
            os.close(write_here)


def save(path: Path, png: bytes) -> None:
    """Keep a picture to be looked at."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png)
