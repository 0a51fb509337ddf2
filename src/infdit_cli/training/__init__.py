"""Train the compact model on any folder of pictures."""

from infdit_cli.training.recipe import Outcome, Recipe
from infdit_cli.training.schedule import Budget

__all__ = ["Budget", "Outcome", "Recipe"]
