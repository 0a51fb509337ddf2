"""The Inf-DiT network: a diffusion transformer over blocks of pixels (arXiv 2405.04312)."""

from torch import Tensor, nn

from infdit_cli.config import ModelConfig
from infdit_cli.geometry import BlockIndex
from infdit_cli.model.embed import ConditionEmbed, TokenEmbed
from infdit_cli.model.final_layer import FinalLayer
from infdit_cli.model.initialise import initialise
from infdit_cli.model.layer import Layer
from infdit_cli.model.nearby_lr import LRWindow
from infdit_cli.model.neighbours import BlockMemory
from infdit_cli.model.rope import rotation

FIRST_BLOCK = BlockIndex(0, 0)


class InfDiT(nn.Module):
    """The raw network F, without preconditioning.

    Any rectangle of blocks can be evaluated on its own, given the K/V of the blocks above and to the
    left of it: a whole picture, a band, a single block. All give the same pixels up to rounding.

    Args:
        config: Every size of the network.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = TokenEmbed(config)
        self.condition = ConditionEmbed(config)
        self.layers = nn.ModuleList(Layer(config, index) for index in range(config.num_layers))
        self.final = FinalLayer(config)
        initialise(self)

    def forward(
        self,
        inputs: Tensor,
        c_noise: Tensor,
        lr: LRWindow,
        *,
        vector: Tensor | None = None,
        origin: BlockIndex = FIRST_BLOCK,
        memory: BlockMemory | None = None,
    ) -> Tensor:
        """Evaluate a super-block of n x m blocks.

        Args:
            inputs: ``c_in`` times the noisy picture and the upscaled one, ``[B, 6, h, w]``, whole
                blocks, in the network's dtype.
            c_noise: ``ln(sigma) / 4``, ``[B]``.
            lr: LR condition of the super-block, in the network's dtype.
            vector: Global vector, ``[B, vector_dim]``, in models that have one.
            origin: Place of the super-block's first block in the picture.
            memory: K/V of the blocks around; ``None`` when this is the whole picture.

        Returns:
            F, ``[B, 3, h, w]`` in the network's dtype.
        """
        x = self.embed(inputs, lr.inside(self.config.block_lr_px))
        condition = self.condition(c_noise, vector)
        turn = rotation(self.config, (x.shape[1], x.shape[2]), origin, like=x)
        for layer in self.layers:
            x = layer(x, condition, lr, turn, memory)
        pixels: Tensor = self.final(x, condition)
        return pixels
