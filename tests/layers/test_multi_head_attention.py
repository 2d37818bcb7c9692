import numpy as np
import pytest

import nncourse as nn
from nncourse.gradcheck import check_layer
from nncourse.layers import (
    Dense,
    Embedding,
    LayerNormalization,
    MultiHeadAttention,
    PositionEmbedding,
    Residual,
)

from .oracles import assert_same, built, random_upstream

any_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
masked_or_not = pytest.mark.parametrize("use_causal_mask", [False, True], ids=["all", "causal"])


def sequences(n, steps, d, dtype="float64", seed=3):
    return np.random.default_rng(seed).normal(size=(n, steps, d)).astype(dtype)


@masked_or_not
@any_dtype
@pytest.mark.parametrize("heads", [1, 2, 6])
def test_agrees_with_pytorch(torch, heads, dtype, use_causal_mask):
    layer = built(MultiHeadAttention(heads, 6 // heads, use_causal_mask=use_causal_mask), (5, 6), dtype)
    x = sequences(4, 5, 6, dtype)
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)

    theirs = torch.nn.MultiheadAttention(6, heads, batch_first=True, dtype=getattr(torch, dtype))
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.tensor(np.hstack([layer.Wq, layer.Wk, layer.Wv]).T.copy()))
        theirs.in_proj_bias.copy_(torch.tensor(np.hstack([layer.bq, layer.bk, layer.bv])))
        theirs.out_proj.weight.copy_(torch.tensor(layer.Wo.T.copy()))
        theirs.out_proj.bias.copy_(torch.tensor(layer.bo))
    their_x = torch.tensor(x, requires_grad=True)
    hidden = torch.ones(5, 5, dtype=torch.bool).triu(1) if use_causal_mask else None
    answer, attention = theirs(their_x, their_x, their_x, attn_mask=hidden, average_attn_weights=False)
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(layer.attention, attention.detach().numpy(), dtype)
    assert_same(dx, their_x.grad.numpy(), dtype)
    assert_same(np.hstack([layer.dWq, layer.dWk, layer.dWv]).T, theirs.in_proj_weight.grad.numpy(), dtype)
    assert_same(np.hstack([layer.dbq, layer.dbk, layer.dbv]), theirs.in_proj_bias.grad.numpy(), dtype)
    assert_same(layer.dWo.T, theirs.out_proj.weight.grad.numpy(), dtype)
    assert_same(layer.dbo, theirs.out_proj.bias.grad.numpy(), dtype)


@masked_or_not
@any_dtype
def test_agrees_with_pytorch_where_the_heads_are_wider_than_their_share(torch, dtype, use_causal_mask):
    layer = built(MultiHeadAttention(2, 7, use_causal_mask=use_causal_mask), (5, 3), dtype)
    x = sequences(4, 5, 3, dtype)
    out = layer.forward(x)
    upstream = random_upstream(out)
    dx = layer.backward(upstream)

    weights = {name: torch.tensor(getattr(layer, name).copy(), requires_grad=True) for name in layer.parameter_names}
    their_x = torch.tensor(x, requires_grad=True)
    q, k, v = ((their_x @ weights[f"W{p}"] + weights[f"b{p}"]).view(4, 5, 2, 7).transpose(1, 2) for p in "qkv")
    heard = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=use_causal_mask)
    answer = heard.transpose(1, 2).reshape(4, 5, 14) @ weights["Wo"] + weights["bo"]
    answer.backward(torch.tensor(upstream))
    assert_same(out, answer.detach().numpy(), dtype)
    assert_same(dx, their_x.grad.numpy(), dtype)
    for name, theirs in weights.items():
        if name != "bk":  # whose slope is 0, and here what is left of it after rounding
            assert_same(getattr(layer, f"d{name}"), theirs.grad.numpy(), dtype)


@masked_or_not
@pytest.mark.parametrize(("heads", "key_dim"), [(1, 4), (2, 3)])
def test_keeps_the_contract_of_a_layer(heads, key_dim, use_causal_mask):
    layer = MultiHeadAttention(heads, key_dim, use_causal_mask=use_causal_mask)
    for seed in range(20):
        report = check_layer(layer, (4, 3), seed=seed, tolerance=1e-7)
        assert report.passed and report.error < 1e-7, report


def test_a_slope_that_is_exactly_0_is_no_false_alarm():
    for seed in range(100):  # bk has no say at all; rounding leaves it a slope of 4e-16 with some seeds
        report = check_layer(MultiHeadAttention(1, 1), (2, 1), seed=seed, tolerance=1e-7)
        assert report.passed and report.error < 1e-7, report


def test_one_step_that_hears_two_worked_by_hand():
    layer = MultiHeadAttention(1, 1).build((2, 1))
    layer.Wq, layer.Wk, layer.Wv, layer.Wo = [[0.0]], [[1.0]], [[1.0]], [[2.0]]
    layer.bq, layer.bo = [np.log(3.0)], [1.0]  # every step asks with log 3
    out = layer.forward(np.array([[[0.0], [1.0]]]))  # keys and values 0 and 1: scores 0 and log 3, shares 1/4 and 3/4
    np.testing.assert_allclose(layer.attention, [[[[0.25, 0.75], [0.25, 0.75]]]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(out, [[[2.5], [2.5]]], rtol=0, atol=1e-15)


def test_scores_are_divided_by_the_root_of_the_key_dimension():
    narrow, wide = MultiHeadAttention(1, 1).build((3, 2), rng=0), MultiHeadAttention(1, 4).build((3, 2))
    for p in "qk":
        setattr(wide, f"W{p}", np.tile(getattr(narrow, f"W{p}"), 4))
    x = sequences(2, 3, 2)
    wide.forward(x)  # four equal products, divided by the root of 4: twice the score
    narrow.Wq *= 2
    narrow.forward(x)
    np.testing.assert_allclose(wide.attention, narrow.attention, rtol=0, atol=1e-14)


def test_a_bias_of_the_keys_moves_all_scores_of_a_row_alike_and_so_nothing():
    layer = built(MultiHeadAttention(2, 3), (5, 4))
    x = sequences(4, 5, 4)
    out = layer.forward(x)
    layer.backward(random_upstream(out))
    assert np.abs(layer.dbk).max() < 1e-14 < np.abs(layer.dbq).max()
    layer.bk = layer.bk + 1
    np.testing.assert_allclose(layer.forward(x), out, rtol=0, atol=1e-14)


@masked_or_not
@any_dtype
def test_rows_of_attention_are_shares_of_1(dtype, use_causal_mask):
    layer = built(MultiHeadAttention(2, 3, use_causal_mask=use_causal_mask), (5, 4), dtype)
    layer.forward(100 * sequences(4, 5, 4, dtype))  # scores in the thousands do not overflow
    assert layer.attention.shape == (4, 2, 5, 5)
    assert layer.attention.min() >= 0
    atol = 1e-14 if dtype == "float64" else 1e-6  # five shares, each rounded once
    np.testing.assert_allclose(layer.attention.sum(axis=-1), 1, rtol=0, atol=atol)


def test_attention_is_a_copy_that_the_next_batch_leaves_alone():
    layer = built(MultiHeadAttention(2, 3), (5, 4))
    x = sequences(4, 5, 4)
    upstream = random_upstream(layer.forward(x))
    attention, kept = layer.attention, layer.attention
    dx = layer.backward(upstream)
    attention[...] = 0
    np.testing.assert_array_equal(layer.backward(upstream), dx)
    layer.forward(x[::-1])
    assert not np.array_equal(layer.attention, kept)
    assert (attention == 0).all()


def test_without_a_batch_there_is_no_attention():
    with pytest.raises(RuntimeError, match=r"MultiHeadAttention\(2, 3\) has seen nothing.* forward\(x\) first"):
        _ = MultiHeadAttention(2, 3).build((5, 4)).attention


@pytest.mark.parametrize("last", range(5))
def test_behind_the_mask_later_steps_change_nothing_before_them(last):
    layer = built(MultiHeadAttention(2, 3, use_causal_mask=True), (5, 4))
    x = sequences(3, 5, 4)
    other = x.copy()
    other[:, last + 1 :] += 1
    out, changed = layer.forward(x), layer.forward(other)
    np.testing.assert_allclose(out[:, : last + 1], changed[:, : last + 1], rtol=0, atol=1e-14)
    assert (np.abs(out - changed)[:, last + 1 :] > 1e-6).all()
    upstream = np.zeros_like(out)
    upstream[:, last] = random_upstream(out[:, last])
    dx = layer.backward(upstream)
    assert not dx[:, last + 1 :].any()
    assert not np.triu(layer.attention, 1).any()


def test_the_first_step_behind_the_mask_hears_itself_only():
    layer = built(MultiHeadAttention(2, 3, use_causal_mask=True), (5, 4))
    layer.forward(sequences(3, 5, 4))
    np.testing.assert_array_equal(layer.attention[:, :, 0], np.broadcast_to(np.eye(5)[0], (3, 2, 5)))


def test_without_positions_permuted_steps_give_permuted_answers():
    layer = built(MultiHeadAttention(2, 3), (5, 4))
    x, order = sequences(3, 5, 4), np.array([3, 0, 4, 1, 2])
    np.testing.assert_allclose(layer.forward(x[:, order]), layer.forward(x)[:, order], rtol=0, atol=1e-14)
    model = nn.Sequential([PositionEmbedding(5, input_shape=(5, 4)), MultiHeadAttention(2, 3)], dtype="float64", seed=0)
    assert (np.abs(model.predict(x[:, order]) - model.predict(x)[:, order]).max(axis=(1, 2)) > 1e-3).all()


def test_the_order_of_the_heads_does_not_matter():
    layer = built(MultiHeadAttention(2, 3), (5, 4))
    x = sequences(3, 5, 4)
    out = layer.forward(x)
    swapped = np.r_[3:6, 0:3]
    for p in "qkv":
        setattr(layer, f"W{p}", getattr(layer, f"W{p}")[:, swapped])
        setattr(layer, f"b{p}", getattr(layer, f"b{p}")[swapped])
    layer.Wo = layer.Wo[swapped]
    np.testing.assert_allclose(layer.forward(x), out, rtol=0, atol=1e-14)


def test_parameters_have_the_shapes_of_the_board():
    layer = MultiHeadAttention(2, 3).build((5, 4))
    assert layer.shapes == {
        **{"Wq": (4, 6), "bq": (6,), "Wk": (4, 6), "bk": (6,), "Wv": (4, 6), "bv": (6,)},
        **{"Wo": (6, 4), "bo": (4,)},
    }
    assert layer.output_shape == (5, 4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_to_say_a_sequence_backwards(seed):
    """Each step has to copy from the step that mirrors it, which it finds by position alone."""
    x = np.random.default_rng(seed).integers(0, 8, (1000, 6))
    backwards = x[:, ::-1]
    attention = MultiHeadAttention(1, 16)
    layers = [Embedding(8, 16, input_shape=(6,)), PositionEmbedding(6), attention, Dense(8, "softmax")]
    model = nn.Sequential(layers, seed=seed)
    model.compile(nn.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(x[:800], backwards[:800], epochs=8, verbose=0)
    assert (model.predict(x[800:]).argmax(axis=-1) == backwards[800:]).mean() > 0.99
    heard = attention.attention.mean(axis=(0, 1))  # (steps, steps)
    assert heard.argmax(axis=1).tolist() == [5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_transformer_block_learns_to_look_back_by_two(seed):
    x = np.random.default_rng(seed).integers(0, 5, (1000, 8))
    before = np.roll(x, 2, axis=1)
    model = nn.Sequential(
        [
            Embedding(5, 16, input_shape=(8,)),
            PositionEmbedding(8),
            Residual(LayerNormalization(), MultiHeadAttention(2, 8, use_causal_mask=True)),
            Residual(LayerNormalization(), Dense(32, "relu"), Dense(16)),
            Dense(5, "softmax"),
        ],
        seed=seed,
    )
    model.compile(nn.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x[:800], before[:800], epochs=7, verbose=0)
    right = model.predict(x[800:]).argmax(axis=-1) == before[800:]
    assert right[:, 2:].mean() > 0.99  # the first two have nothing to look back to: the mask hides the answer
    assert right[:, :2].mean() < 0.4


@pytest.mark.parametrize("arguments", [(0, 3), (2, 0), (2.0, 3), (2, None)])
def test_refuses_a_bad_setting(arguments):
    with pytest.raises(ValueError, match="must be a whole number from 1 on"):
        MultiHeadAttention(*arguments)


def test_refuses_what_is_no_sequence():
    with pytest.raises(ValueError, match=r"MultiHeadAttention\(2, 3\) expects .* \(steps, d\), received \(6,\)"):
        MultiHeadAttention(2, 3).build((6,))
    with pytest.raises(ValueError, match=r"expects a batch of shape \(n, 5, 4\), received \(2, 6, 4\)"):
        MultiHeadAttention(2, 3).build((5, 4)).forward(np.zeros((2, 6, 4)))


def test_prints_as_it_was_written():
    assert repr(MultiHeadAttention(2, 3)) == "MultiHeadAttention(2, 3)"
    assert repr(MultiHeadAttention(2, 3, use_causal_mask=True)) == "MultiHeadAttention(2, 3, use_causal_mask=True)"
