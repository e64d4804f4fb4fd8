# mypy: disable-error-code="import-not-found, misc, no-any-return, no-untyped-call, unused-ignore"
"""The hair net: an encoder-decoder of our own that also looks at what a person net has seen.

Of 599 labelled photos a net cannot learn what persons look like. MediaPipe's person net, trained on far more, hands
its maps to every stage; it stays as it is. Blocks and the encoder's shape are the nail refiner's, so that training
can begin with what that one has learned of skin, cloth and edges.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own idiom)

from lab.hair import person
from lab.hair.person import PersonNet
from lab.nails.nets import WIDTHS, Decoder, Encoder, conv, graft

UP = (88, 56, 40, 24)
RARE_LOGIT = -1.5
SEEN_BY = (
    (person.FINE, person.UP_HALF),
    (person.QUARTER, person.UP_QUARTER),
    (person.EIGHTH, person.UP_EIGHTH),
    (person.SIXTEENTH,),
)
"""Which of the person net's maps each stage takes, strides 2 to 16."""
Maps = Mapping[int, Tensor]


class HairNet(nn.Module):
    """(n, 4, s, s) in [0, 1], RGB and drawn faces, s a multiple of 32 -> (n, 1, s, s) logits of hair."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(5, WIDTHS, (0, 1, 2, 4, 3), (0, 0, 0, 4, 4))
        self.taps = nn.ModuleList(
            conv(sum(person.TAPS[tap] for tap in taps), width, 1, act=False)
            for taps, width in zip(SEEN_BY, WIDTHS, strict=False)
        )
        self.decoder = Decoder(WIDTHS[3::-1], UP, WIDTHS[-1])
        self.decoder.fuse[-1] = conv(UP[-1], UP[-1], act=False)
        self.head = nn.Conv2d(UP[-1], 4, 1)
        nn.init.constant_(self.head.bias, RARE_LOGIT)

    def forward(self, image: Tensor, seen: Maps) -> Tensor:
        whole = torch.sigmoid(seen[person.LOGIT].float())
        x = torch.cat([(image - 0.5) * 4.0, (whole - 0.5) * 4.0], 1)
        maps = []
        for i, stage in enumerate(self.encoder.stages):
            x = stage[0](x)
            if i < len(SEEN_BY):
                x = x + self.taps[i](torch.cat([seen[tap] for tap in SEEN_BY[i]], 1))
            x = stage[1:](x)
            maps.append(x)
        maps[-1] = self.encoder.context(maps[-1])
        return F.pixel_shuffle(self.head(self.decoder(maps)), 2)

    def begin_with(self, weights: Mapping[str, Tensor]) -> int:
        """Take over the nail refiner's encoder, of the first layer what knows colours. Returns the tensors taken."""
        first = "encoder.stages.0.0.0.weight"
        wide = torch.zeros_like(self.state_dict()[first])
        wide[:, :3] = weights[first][:, :3]
        return graft(self, {**weights, first: wide})


class Whole(nn.Module):
    """What is exported: person net and hair net in one, (n, 4, s, s) -> (n, 1, s, s) probabilities."""

    def __init__(self, net: HairNet) -> None:
        super().__init__()
        self.person, self.net = PersonNet(), net

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.net(image, self.person(image[:, :3])))
