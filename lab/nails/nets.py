# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""The nets of the cascade: a whole-image proposer and a refiner of one nail's crop.

Both are encoder-decoders of inverted residuals (Sandler et al. 2018) after dense early layers: on CPUs dense 3x3
convolutions with few channels run faster, forwards and backwards, than depthwise ones on large maps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own idiom)

from lab.nails.hand import FIXED_CHANNELS, TAPS, HandEncoder

PROPOSER_CHANNELS = 4
"""Nail, core of a nail, cos and sin of twice the axis' angle."""
RARE_LOGIT = -3.0
"""Nails cover about one pixel in twenty-five: the proposer begins with that as its answer."""
REFINER_SIDE = 128
WIDTHS = (20, 36, 56, 88, 128)
"""Channels at strides 2 to 32 of our own encoders: the refiner's, and the hair net's, which can begin with it."""
UP = (72, 44, 32)
"""Channels of the proposer's decoder at strides 16, 8 and 4."""


class Depthwise(nn.Conv2d):
    """A convolution of each channel alone, always in float32: CPUs take four times as long backwards in bfloat16."""

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != "cpu":
            return super().forward(x)
        with torch.autocast("cpu", enabled=False):
            return super().forward(x.float().contiguous(memory_format=torch.channels_last))


def conv(
    cin: int, cout: int, kernel: int = 3, stride: int = 1, groups: int = 1, act: bool = True
) -> nn.Sequential:
    """Convolution, batch norm and, if wanted, ReLU."""
    kind = Depthwise if groups > 1 else nn.Conv2d
    layers = [
        kind(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(cout),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    """x + f(x): f is dense 3x3 twice, or expand, depthwise 5x5, project."""

    def __init__(self, channels: int, expand: int) -> None:
        super().__init__()
        wide = channels * max(expand, 1)
        self.body = (
            nn.Sequential(
                conv(channels, wide, 1), conv(wide, wide, 5, groups=wide), conv(wide, channels, 1, act=False)
            )
            if expand
            else nn.Sequential(conv(channels, channels), conv(channels, channels, act=False))
        )
        nn.init.zeros_(self.body[-1][1].weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.body(x))


class Context(nn.Module):
    """Adds what the whole map holds to every place (global mean and maximum through one layer)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = nn.Linear(2 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        whole = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return x + self.mix(whole)[:, :, None, None]


class Encoder(nn.Module):
    """Maps at strides 2, 4, 8, 16, 32."""

    def __init__(
        self, cin: int, widths: Sequence[int], depths: Sequence[int], expands: Sequence[int]
    ) -> None:
        super().__init__()
        stages = []
        for i, (width, depth, expand) in enumerate(zip(widths, depths, expands, strict=True)):
            down = conv(cin if i == 0 else widths[i - 1], width, 5 if i == 0 else 3, 2)
            stages.append(nn.Sequential(down, *(Residual(width, expand) for _ in range(depth))))
        self.stages = nn.ModuleList(stages)
        self.context = Context(widths[-1])

    def forward(self, x: Tensor) -> list[Tensor]:
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        maps[-1] = self.context(x)
        return maps


class Decoder(nn.Module):
    """From stride 32 up to the stride of the finest map that it is given."""

    def __init__(self, skips: Sequence[int], widths: Sequence[int], deepest: int) -> None:
        super().__init__()
        inputs = [deepest, *widths[:-1]]
        self.lateral = nn.ModuleList(conv(s, w, 1, act=False) for s, w in zip(skips, widths, strict=True))
        self.down = nn.ModuleList(conv(i, w, 1, act=False) for i, w in zip(inputs, widths, strict=True))
        self.fuse = nn.ModuleList(conv(w, w) for w in widths)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        x = maps[-1]
        for skip, lateral, down, fuse in zip(maps[-2::-1], self.lateral, self.down, self.fuse, strict=False):
            up = F.interpolate(down(x), scale_factor=2.0, mode="bilinear", align_corners=False)
            x = fuse(F.relu(up + lateral(skip)))
        return x


class Proposer(nn.Module):
    """(n, 3, h, w) RGB in [0, 1], sides multiples of 32 -> (n, 4, h/2, w/2) logits and raw angles.

    Its encoder has learned from hands before.
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        up = scaled(UP, width)
        self.encoder = HandEncoder()
        _, *skips, deepest = TAPS.values()
        self.context = Context(deepest)
        self.decoder = Decoder(skips[::-1], up, deepest)
        # Behind a ReLU a head that first learns "no nail" ends with negative weights only, and its bias caps it.
        self.decoder.fuse[-1] = conv(up[-1], up[-1], act=False)
        self.head = nn.Conv2d(up[-1], PROPOSER_CHANNELS * 4, 1)
        nn.init.constant_(self.head.bias[:8], RARE_LOGIT)

    def forward(self, image: Tensor) -> Tensor:
        _, *maps, deepest = self.encoder(image)
        return F.pixel_shuffle(self.head(self.decoder([*maps, self.context(deepest)])), 2)


class Refiner(nn.Module):
    """(n, 3, 128, 128) RGB in [0, 1] -> mask logits (n, 1, 128, 128) of the centre nail and (n, 3) facts.

    Facts: logit of "there is a nail in the centre", then the unit direction from cuticle to free edge (x, y).
    """

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        widths = scaled(WIDTHS, width)
        up = scaled((88, 56, 40, 24), width)
        self.encoder = Encoder(5, widths, (0, 1, 2, 3, 2), (0, 0, 0, 4, 4))
        self.decoder = Decoder(widths[3::-1], up, widths[-1])
        self.head = nn.Conv2d(up[-1], 4, 1)
        self.facts = nn.Sequential(nn.Linear(2 * widths[-1], 96), nn.ReLU(inplace=True), nn.Linear(96, 3))
        line = torch.linspace(-1, 1, REFINER_SIDE)
        self.register_buffer(
            "place", torch.stack(torch.meshgrid(line, line, indexing="xy"))[None], persistent=False
        )

    def forward(self, crop: Tensor) -> tuple[Tensor, Tensor]:
        place = self.place.expand(crop.shape[0], -1, -1, -1)
        maps = self.encoder(torch.cat([(crop - 0.5) * 4.0, place.to(crop.dtype)], 1))
        deep = maps[-1]
        facts = self.facts(torch.cat([deep.mean((2, 3)), deep[:, :, 1:3, 1:3].mean((2, 3))], 1))
        return F.pixel_shuffle(self.head(self.decoder(maps)), 2), facts


class HandRefiner(nn.Module):
    """The same with an encoder that has learned from hands, which is told of the place behind its fixed layers."""

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        up = scaled((88, 56, 40, 24), width)
        self.encoder = HandEncoder()
        *skips, deepest = TAPS.values()
        self.context = Context(deepest)
        self.decoder = Decoder(skips[::-1], up, deepest)
        self.head = nn.Conv2d(up[-1], 4, 1)
        self.facts = nn.Sequential(nn.Linear(2 * deepest, 96), nn.ReLU(inplace=True), nn.Linear(96, 3))
        self.place = nn.Parameter(torch.zeros(1, FIXED_CHANNELS, REFINER_SIDE // 4, REFINER_SIDE // 4))

    def forward(self, crop: Tensor) -> tuple[Tensor, Tensor]:
        *maps, deep = self.encoder(crop, self.place)
        deep = self.context(deep)
        facts = self.facts(torch.cat([deep.mean((2, 3)), deep[:, :, 1:3, 1:3].mean((2, 3))], 1))
        return F.pixel_shuffle(self.head(self.decoder([*maps, deep])), 2), facts


def scaled(widths: Sequence[int], width: float) -> tuple[int, ...]:
    """Channels times width, in multiples of 4."""
    return tuple(4 * round(channels * width / 4) for channels in widths)


def graft(net: nn.Module, weights: Mapping[str, Tensor]) -> int:
    """Give a net every tensor of another one that fits; a first layer takes the colour channels.

    Returns how many tensors were taken.
    """
    own = net.state_dict()
    taken = {}
    for name, tensor in weights.items():
        if name in own:
            part = tensor[:, : own[name].shape[1]] if tensor.ndim == 4 else tensor
            if part.shape == own[name].shape:
                taken[name] = part.clone()
    net.load_state_dict(own | taken)
    return len(taken)


NETS: dict[str, type[nn.Module]] = {
    "proposer": Proposer,
    "refiner": Refiner,
    "hand_refiner": HandRefiner,
}
