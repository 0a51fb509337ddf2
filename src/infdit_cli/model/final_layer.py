"""The way out of the network: tokens to pixels."""

from einops import rearrange
from torch import Tensor, nn

from infdit_cli.config import FINAL_MODULATIONS, PICTURE_CHANNELS, ModelConfig
from infdit_cli.model.modulation import Modulation, modulated, plain_norm


class FinalLayer(nn.Module):
    """Norm, modulation, and a linear map from each token to its patch.

    Parity: the original normalises twice in a row; once is the same up to the epsilon (below 1e-6).
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.patch_px = config.patch_px
        self.side = config.block_side_tokens
        self.norm = plain_norm(config.hidden_size)
        self.modulation = Modulation(config.hidden_size, num_chunks=FINAL_MODULATIONS)
        self.linear = nn.Linear(config.hidden_size, config.patch_px**2 * PICTURE_CHANNELS)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """Return pixels ``[B, 3, h, w]``.

        Args:
            x: Tokens, ``[B, n, m, T, d]``.
            condition: Embedded noise level and vector, ``[B, d]``.
        """
        patches: Tensor = self.linear(modulated(self.norm, *self.modulation(condition))(x))
        return self.to_pixels(patches)

    def to_pixels(self, patches: Tensor) -> Tensor:
        """Lay out patches ``[B, n, m, T, p p 3]`` as pixels ``[B, 3, h, w]``.

        Parity: a patch is read as row, column, channel.
        """
        pattern = "b n m (i j) (p q c) -> b c (n i p) (m j q)"
        return rearrange(patches, pattern, i=self.side, j=self.side, p=self.patch_px, q=self.patch_px)
