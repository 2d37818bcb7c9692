"""Layers, one idea a file: `base` is what all of them promise (chapter 3 and on)."""

from .activation import Activation
from .base import Layer
from .conv2d import Conv2D
from .dense import Dense
from .dropout import Dropout
from .embedding import Embedding
from .flatten import Flatten
from .gaussian_noise import GaussianNoise
from .global_average_pooling1d import GlobalAveragePooling1D
from .input import Input
from .layer_normalization import LayerNormalization
from .max_pooling2d import MaxPooling2D
from .multi_head_attention import MultiHeadAttention
from .position_embedding import PositionEmbedding
from .random_flip import RandomFlip
from .random_rotation import RandomRotation
from .residual import Residual
from .simple_rnn import SimpleRNN

__all__ = [
    "Activation",
    "Conv2D",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "Input",
    "Layer",
    "LayerNormalization",
    "MaxPooling2D",
    "MultiHeadAttention",
    "PositionEmbedding",
    "RandomFlip",
    "RandomRotation",
    "Residual",
    "SimpleRNN",
]
