"""The picture tower and the text tower of an OpenCLIP model in training.

Knows which parameters are trained: the picture tower, the text projection and the temperature.
The text transformer is frozen (the reverse of "locked-image tuning", arXiv 2111.07991), so its
output for every caption is computed only once. A text tower without a separate projection is frozen
completely.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from retrieval.encoders.batching import multiplies_bfloat16
from retrieval.encoders.picture import OpenClip
from retrieval.training.pictures.examples import CaptionGroup

_BATCH = 256  # texts


class Towers:
    """An OpenCLIP model as a TrainableModel."""

    def __init__(self, opened: OpenClip) -> None:
        """Freeze the parameters that are not trained."""
        self.opened = opened
        self.model: nn.Module = opened.model
        self.visual = self.model.get_submodule("visual")
        self.projected = opened.has_frozen_transformer
        self.projection = self.model.get_submodule("text.proj") if self.projected else nn.Identity()
        self.log_scale: nn.Parameter = opened.model.logit_scale
        self.device = self.log_scale.device
        trained = [*self.visual.parameters(), *self.projection.parameters(), self.log_scale]
        self.model.requires_grad_(False)
        for parameter in trained:
            parameter.requires_grad_(True)
        settings = opened.model.visual.preprocess_cfg
        self.mean = torch.tensor(settings["mean"], device=self.device).view(1, 3, 1, 1)
        self.spread = torch.tensor(settings["std"], device=self.device).view(1, 3, 1, 1)
        self._dtype = torch.bfloat16 if multiplies_bfloat16(self.device) else torch.float32

    def see(self, pictures: Tensor) -> Tensor:
        """Return unit vectors (n, d) of pictures (n, 3, size, size) in 0..1."""
        pixels = pictures.to(self.device).sub(self.mean).div_(self.spread)
        with torch.autocast(self.device.type, self._dtype, enabled=self._dtype != torch.float32):
            seen = self.visual(pixels.contiguous(memory_format=torch.channels_last))
        return normalize(seen.float(), dim=1)

    def project(self, features: Tensor) -> Tensor:
        """Return unit vectors (n, d) of frozen text features."""
        return normalize(self.projection(features.to(self.device).float()), dim=1)

    @torch.no_grad()
    def frozen(self, texts: Sequence[str]) -> Tensor:
        """Return the frozen text transformer's output (n, width), half precision."""
        self.model.eval()
        rows = []
        for start in range(0, len(texts), _BATCH):
            ids = self.opened.tokens(texts[start : start + _BATCH]).to(self.device)
            with torch.autocast(
                self.device.type, self._dtype, enabled=self._dtype != torch.float32
            ):
                rows.append(self._pooled(ids).float().half().cpu())
        return torch.cat(rows)

    def _pooled(self, ids: Tensor) -> Tensor:
        model = self.opened.model
        if not self.projected:
            return cast(Tensor, model.encode_text(ids))
        mask = (ids != model.text.config.pad_token_id).long()
        out = model.text.transformer(input_ids=ids, attention_mask=mask)
        return cast(Tensor, model.text.pooler(out, mask))

    def moved(self) -> dict[str, Tensor]:
        """Return all tensors that training changes: trained parameters and batch statistics."""
        parameters = {n: p.detach() for n, p in self.model.named_parameters() if p.requires_grad}
        statistics = {n: b for n, b in self.model.named_buffers() if n.startswith("visual.")}
        return {**parameters, **statistics}

    @torch.no_grad()
    def put(self, values: dict[str, Tensor]) -> None:
        """Set the tensors that `moved` returns."""
        for name, value in self.moved().items():
            value.copy_(values[name])


def frozen_features(groups: Sequence[CaptionGroup], towers: Towers) -> list[Tensor]:
    """Encode every wording once: (captions, wordings, width) for each group."""
    every = sorted({text for group in groups for ways in group.wordings for text in ways}, key=len)
    place = {text: at for at, text in enumerate(every)}
    table = towers.frozen(every)
    return [
        table[torch.tensor([[place[text] for text in ways] for ways in group.wordings])]
        for group in groups
    ]
