"""Layers, one idea a file: `base` is what all of them promise (chapter 3 and on)."""

from .activation import Activation
from .base import Layer
from .dense import Dense
from .dropout import Dropout
from .embedding import Embedding
from .flatten import Flatten
from .global_average_pooling1d import GlobalAveragePooling1D
from .input import Input
from .layer_normalization import LayerNormalization
from .multi_head_attention import MultiHeadAttention
from .position_embedding import PositionEmbedding
from .residual import Residual
from .simple_rnn import SimpleRNN

__all__ = [
    "Activation",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GlobalAveragePooling1D",
    "Input",
    "Layer",
    "LayerNormalization",
    "MultiHeadAttention",
    "PositionEmbedding",
    "Residual",
    "SimpleRNN",
]
