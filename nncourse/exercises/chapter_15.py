"""Chapter 15, convolutional networks: sizes, the sliding window and its way back, pooling, how far a layer sees."""

import numpy as np

from .model import Check, Choice, Exercise, Misconception, Question

CHAPTER = "convolutional-networks"


def conv_layer_size(height, width, channels, filters, window, stride, frame):
    """What comes out of a convolution, and how many parameters it has.

    The picture has this height and width, and so many channels. frame rows
    and columns of zeros are put around it, on each side (0: none). The
    window is a square with the side window and moves by stride; all windows
    lie inside the framed picture. Every filter has a bias. Returns the
    height and the width of what comes out, and the number of parameters.
    All are whole numbers.
    """
    rows = (height + 2 * frame - window) // stride + 1
    columns = (width + 2 * frame - window) // stride + 1
    return rows, columns, (window * window * channels + 1) * filters


def _size_by_walking(height, width, channels, filters, window, stride, frame):
    def places(side):
        return len(range(0, side + 2 * frame - window + 1, stride))

    weights = np.empty((window, window, channels, filters)).size
    return places(height), places(width), weights + filters


def _size_by_counting(height, width, channels, filters, window, stride, frame):
    counts = []
    for side in (height, width):
        start, count = -frame, 0
        while start + window <= side + frame:
            start, count = start + stride, count + 1
        counts.append(count)
    return (*counts, filters + filters * channels * window**2)


def _sizes(height, width, window, stride, frame):
    return [(side + 2 * frame - window) // stride + 1 for side in (height, width)]


def _frame_on_one_side(height, width, channels, filters, window, stride, frame):
    rows, columns = ((side + frame - window) // stride + 1 for side in (height, width))
    return rows, columns, (window * window * channels + 1) * filters


def _one_place_too_few(height, width, channels, filters, window, stride, frame):
    rows, columns = ((side + 2 * frame - window) // stride for side in (height, width))
    return rows, columns, (window * window * channels + 1) * filters


def _rounded_up(height, width, channels, filters, window, stride, frame):
    rows, columns = (-(-(side + 2 * frame - window) // stride) + 1 for side in (height, width))
    return rows, columns, (window * window * channels + 1) * filters


def _not_rounded(height, width, channels, filters, window, stride, frame):
    rows, columns = ((side + 2 * frame - window) / stride + 1 for side in (height, width))
    return rows, columns, (window * window * channels + 1) * filters


def _frame_around_the_answer(height, width, channels, filters, window, stride, frame):
    rows, columns = (side + 2 * frame for side in _sizes(height, width, window, stride, 0))
    return rows, columns, (window * window * channels + 1) * filters


def _channels_forgotten(height, width, channels, filters, window, stride, frame):
    return (*_sizes(height, width, window, stride, frame), (window * window + 1) * filters)


def _bias_forgotten(height, width, channels, filters, window, stride, frame):
    return (*_sizes(height, width, window, stride, frame), window * window * channels * filters)


def _bias_for_each_channel(height, width, channels, filters, window, stride, frame):
    return (*_sizes(height, width, window, stride, frame), (window * window + 1) * channels * filters)


def _weights_for_each_place(height, width, channels, filters, window, stride, frame):
    rows, columns = _sizes(height, width, window, stride, frame)
    return rows, columns, rows * columns * (window * window * channels + 1) * filters


def _stride_left_out(height, width, channels, filters, window, stride, frame):
    return (*_sizes(height, width, window, 1, frame), (window * window * channels + 1) * filters)


CONV_LAYER_SIZE = Exercise(
    id="conv-layer-size",
    chapter=CHAPTER,
    title="What comes out of a convolution",
    reference=conv_layer_size,
    returns=("height", "width", "parameters"),
    difficulty=1,
    checks=(
        Check(
            "windows one pixel apart",
            1,
            lambda rng: [
                (28, 28, 1, 32, 3, 1, 0),
                (6, 9, 3, 4, 5, 1, 2),
                (*(int(side) for side in rng.integers(12, 40, size=2)), 2, 7, 4, 1, 1),
            ],
        ),
        Check(
            "steps",
            2,
            lambda rng: [
                (8, 11, 3, 5, 3, 2, 0),
                (224, 224, 3, 64, 7, 2, 3),
                (15, 10, 2, 6, 4, 3, 1),
                (*(int(side) for side in rng.integers(20, 60, size=2)), 3, 8, 5, int(rng.integers(2, 5)), 2),
            ],
        ),
    ),
    alternatives=(_size_by_walking, _size_by_counting),
    misconceptions=(
        Misconception(
            _frame_on_one_side,
            "Where there is a frame, your maps are too small. It stands on both sides, so each side of the picture "
            "grows by twice the frame.",
        ),
        Misconception(
            _one_place_too_few,
            "Your maps are one row and one column short. The quotient counts the moves; the place where the window "
            "starts comes on top.",
        ),
        Misconception(
            _rounded_up,
            "Some of your maps are one too large. A last move that would carry the window over the border does not "
            "count: round down.",
        ),
        Misconception(
            _not_rounded,
            "A part of a place is no place: where the stride does not fit, round down. `//` does.",
        ),
        Misconception(
            _frame_around_the_answer,
            "Where there is a frame and the window moves in steps, your maps are too large. The frame is put around "
            "the picture, before anything is divided by the stride.",
        ),
        Misconception(
            _channels_forgotten,
            "Your sizes are right, and with several channels there are too few parameters. A filter has a weight for "
            "each pixel of its window in each channel.",
        ),
        Misconception(
            _bias_forgotten,
            "Your sizes are right, and a few parameters are missing: as many as there are filters. Each has a bias.",
        ),
        Misconception(
            _bias_for_each_channel,
            "Your sizes are right, and with several channels there are too many parameters. A filter adds up all "
            "channels and has one bias in all.",
        ),
        Misconception(
            _weights_for_each_place,
            "You count the weights again at every place. The window takes the same weights along wherever it goes.",
        ),
        Misconception(
            _stride_left_out,
            "Where the window moves by more than one pixel your maps are too large. Divide the way it has by the "
            "stride.",
        ),
    ),
    hints=(
        "How far can the window move from its first place, in pixels? How many moves is that, and how many places?",
        "The way along one axis is side + 2 * frame - window. `//` rounds down.",
        "One filter has window * window * channels weights and a bias.",
    ),
)


def convolve(x, w, stride, frame):
    """Slide a filter over a picture, without turning it around.

    x has shape (height, width), w has shape (rows, columns); both stay as
    they are. First, frame rows and columns of zeros are put around x, on
    each side (0: none). The window, as large as w, starts in the upper left
    corner and moves by stride, across and down, as long as it lies inside.
    Returns for each place the sum of the products of what lies in the
    window with w, as an array with one row for each step down.
    """
    x = np.pad(x, frame)
    rows, columns = w.shape
    down = range(0, x.shape[0] - rows + 1, stride)
    across = range(0, x.shape[1] - columns + 1, stride)
    z = np.empty((len(down), len(across)))
    for i, u in enumerate(down):
        for j, v in enumerate(across):
            z[i, j] = np.sum(x[u : u + rows, v : v + columns] * w)
    return z


def _convolve_with_a_view(x, w, stride, frame):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, frame), w.shape)
    return np.einsum("uvrs,rs->uv", windows[::stride, ::stride], w)


def _convolve_weight_by_weight(x, w, stride, frame):
    framed = np.zeros((x.shape[0] + 2 * frame, x.shape[1] + 2 * frame))
    framed[frame : frame + x.shape[0], frame : frame + x.shape[1]] = x
    last_down, last_across = framed.shape[0] - w.shape[0], framed.shape[1] - w.shape[1]
    z = 0.0
    for (r, s), weight in np.ndenumerate(w):
        z = z + weight * framed[r : r + last_down + 1 : stride, s : s + last_across + 1 : stride]
    return z


def _filter_turned(x, w, stride, frame):
    return _convolve_with_a_view(x, w[::-1, ::-1], stride, frame)


def _filter_transposed(x, w, stride, frame):
    return _convolve_with_a_view(x, w.T, stride, frame)


def _steps_only_down(x, w, stride, frame):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, frame), w.shape)
    return np.einsum("uvrs,rs->uv", windows[::stride], w)


def _neighbours_whatever_the_stride(x, w, stride, frame):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, frame), w.shape)
    down, across = (-(-count // stride) for count in windows.shape[:2])
    return np.einsum("uvrs,rs->uv", windows[:down, :across], w)


def _stride_of_one(x, w, stride, frame):
    return _convolve_with_a_view(x, w, 1, frame)


def _last_places_missing(x, w, stride, frame):
    x = np.pad(x, frame)
    down = range(0, x.shape[0] - w.shape[0], stride)
    across = range(0, x.shape[1] - w.shape[1], stride)
    places = [[np.sum(x[u : u + len(w), v : v + w.shape[1]] * w) for v in across] for u in down]
    return np.array(places)


def _frame_around_the_map(x, w, stride, frame):
    return np.pad(_convolve_with_a_view(x, w, stride, 0), frame)


def _border_repeated(x, w, stride, frame):
    return _convolve_with_a_view(np.pad(x, frame, mode="edge"), w, stride, 0)


def _frame_above_and_left(x, w, stride, frame):
    return _convolve_with_a_view(np.pad(x, ((frame, 0), (frame, 0))), w, stride, 0)


def _frame_ignored(x, w, stride, frame):
    return _convolve_with_a_view(x, w, stride, 0)


def _mean_of_the_products(x, w, stride, frame):
    return _convolve_with_a_view(x, w, stride, frame) / w.size


def _picture(rng, height, width, rows, columns, stride, frame):
    return rng.normal(size=(height, width)), rng.normal(size=(rows, columns)), stride, frame


CONVOLVE = Exercise(
    id="convolve",
    chapter=CHAPTER,
    title="A filter slides over a picture",
    reference=convolve,
    difficulty=2,
    checks=(
        Check(
            "pixel by pixel",
            2,
            lambda rng: [
                (np.array([[1.0, 2.0, 0.5], [4.0, 5.0, 6.0], [7.0, 8.0, 9.5]]), np.array([[0.5, 1], [2, 3]]), 1, 0),
                _picture(rng, 5, 7, 3, 3, 1, 0),
                _picture(rng, 6, 8, 2, 4, 1, 0),
            ],
        ),
        Check(
            "in a frame",
            1,
            lambda rng: [_picture(rng, 4, 5, 3, 3, 1, 1), _picture(rng, 5, 4, 3, 2, 1, 2)],
        ),
        Check(
            "in steps",
            2,
            lambda rng: [
                _picture(rng, 8, 8, 2, 2, 2, 0),
                _picture(rng, 9, 11, 3, 3, 2, 1),
                _picture(rng, 10, 8, 3, 2, 3, 0),
            ],
        ),
    ),
    alternatives=(_convolve_with_a_view, _convolve_weight_by_weight),
    misconceptions=(
        Misconception(
            _filter_turned,
            "Your filter is turned upside down and left to right. Mathematicians do so; here the upper left weight "
            "meets the upper left pixel.",
        ),
        Misconception(
            _filter_transposed,
            "Rows and columns of your filter are exchanged. w has shape (rows, columns), in this order, like x.",
        ),
        Misconception(
            _steps_only_down,
            "Your window moves by stride downwards, and pixel by pixel across. It moves by stride both ways.",
        ),
        Misconception(
            _neighbours_whatever_the_stride,
            "Your answers are as many as they should be, but they come from windows side by side. Answer (i, j) "
            "belongs to the window that starts at (i * stride, j * stride).",
        ),
        Misconception(
            _stride_of_one,
            "Your window always moves by one pixel. Let it move by stride, both ways.",
        ),
        Misconception(
            _last_places_missing,
            "The last places down and across are missing. range() leaves out its end, so the end is height - rows + 1.",
        ),
        Misconception(
            _frame_around_the_map,
            "Your zeros stand around the map. They belong around the picture, before the window slides.",
        ),
        Misconception(
            _border_repeated,
            "In a frame your border is off: the outer pixels are repeated there. The frame is made of zeros.",
        ),
        Misconception(
            _frame_above_and_left,
            "Your frame stands above and to the left only. It goes all around, so each side grows by twice the frame.",
        ),
        Misconception(
            _frame_ignored,
            "With a frame your answer is too small: the frame has not been put around the picture.",
        ),
        Misconception(
            _mean_of_the_products,
            "Your numbers are too small by the number of weights. A neuron adds up its products, it does not average.",
        ),
    ),
    hints=(
        "`np.pad(x, frame)` puts the zeros around. After that you can forget about the frame.",
        "The places down are range(0, height - rows + 1, stride), where height is that of the framed picture. At each "
        "place: cut out the window, multiply, add up.",
    ),
)


def windows_as_rows(x, window):
    """All windows of a batch of pictures, one a row.

    x has shape (n, height, width, channels). The window is a square with
    the side window, moves pixel by pixel, and sees all channels. Returns a
    matrix with n * h * w rows, where h and w count the places down and
    across: picture by picture, in each the places from left to right and
    from top to bottom. A row holds the numbers in its window in the order
    in which ravel() lays out a window, whose shape is (window, window,
    channels).
    """
    n, height, width, _ = x.shape
    rows = []
    for i in range(n):
        for u in range(height - window + 1):
            for v in range(width - window + 1):
                rows.append(x[i, u : u + window, v : v + window].ravel())
    return np.array(rows)


def _rows_from_a_view(x, window):
    view = np.lib.stride_tricks.sliding_window_view(x, (window, window), axis=(1, 2))
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(-1, window * window * x.shape[3])


def _rows_pixel_by_pixel(x, window):
    n, height, width, channels = x.shape
    h, w = height - window + 1, width - window + 1
    entries = [x[:, r : r + h, s : s + w] for r in range(window) for s in range(window)]
    return np.stack(entries, axis=3).reshape(n * h * w, window**2 * channels)


def _windows_of(x, window):
    return np.lib.stride_tricks.sliding_window_view(x, (window, window), axis=(1, 2))  # (n, h, w, c, r, s)


def _channels_first(x, window):
    return _windows_of(x, window).reshape(-1, window * window * x.shape[3])


def _view_reshaped_as_it_comes(x, window):
    return _windows_of(x, window).transpose(0, 1, 2, 5, 4, 3).reshape(-1, window * window * x.shape[3])


def _places_column_by_column(x, window):
    return _windows_of(x, window).transpose(0, 2, 1, 4, 5, 3).reshape(-1, window * window * x.shape[3])


def _place_by_place(x, window):
    return _windows_of(x, window).transpose(1, 2, 0, 4, 5, 3).reshape(-1, window * window * x.shape[3])


def _windows_as_columns(x, window):
    return _rows_from_a_view(x, window).T


def _all_pictures_in_a_row(x, window):
    h, w = x.shape[1] - window + 1, x.shape[2] - window + 1
    return np.array([x[:, u : u + window, v : v + window].ravel() for u in range(h) for v in range(w)])


def _last_place_missing(x, window):
    return _rows_from_a_view(x[:, :-1, :-1], window)


def _windows_side_by_side(x, window):
    view = _windows_of(x, window)[:, ::window, ::window]
    return view.transpose(0, 1, 2, 4, 5, 3).reshape(-1, window * window * x.shape[3])


def _a_row_for_each_channel(x, window):
    return _windows_of(x, window).reshape(-1, window * window)


WINDOWS_AS_ROWS = Exercise(
    id="windows-as-rows",
    chapter=CHAPTER,
    title="Windows as the rows of a matrix",
    reference=windows_as_rows,
    difficulty=2,
    checks=(
        Check(
            "one grey picture",
            2,
            lambda rng: [
                (np.arange(12.0).reshape(1, 3, 4, 1) / 8, 2),
                (rng.normal(size=(1, 5, 4, 1)), 3),
                (rng.normal(size=(1, 4, 7, 1)), 2),
            ],
        ),
        Check(
            "a batch with channels",
            2,
            lambda rng: [(rng.normal(size=(3, 4, 5, 2)), 2), (rng.normal(size=(2, 6, 5, 3)), 3)],
        ),
    ),
    alternatives=(_rows_from_a_view, _rows_pixel_by_pixel),
    misconceptions=(
        Misconception(
            _channels_first,
            "With channels, your rows hold the right numbers in another order: channel by channel. The last axis, the "
            "channels, runs fastest.",
        ),
        Misconception(
            _view_reshaped_as_it_comes,
            "Inside each window your pixels come column by column. They should come line by line, as ravel() has them.",
        ),
        Misconception(
            _places_column_by_column,
            "Your places run from top to bottom first. The window moves across a line, then down to the next.",
        ),
        Misconception(
            _place_by_place,
            "With several pictures, your rows take each place from all pictures in turn. Finish one picture first.",
        ),
        Misconception(
            _windows_as_columns,
            "Your windows are columns. Here a window is an example, and examples are rows.",
        ),
        Misconception(
            _all_pictures_in_a_row,
            "With several pictures, each of your rows holds a window of all of them. Every picture has its own rows.",
        ),
        Misconception(
            _last_place_missing,
            "The last places down and across are missing. There are height - window + 1 of them: range() leaves out "
            "its end.",
        ),
        Misconception(
            _windows_side_by_side,
            "Your windows lie side by side. They overlap: each starts one pixel after the one before.",
        ),
        Misconception(
            _a_row_for_each_channel,
            "You have a row for each channel. One window sees all channels, so they share a row.",
        ),
    ),
    hints=(
        "Three loops: pictures, places down, places across. Collect the rows in a list.",
        "At each place cut out x[i, u:u + window, v:v + window] and lay it out with ravel().",
    ),
)


def convolve_backward(x, w, upstream):
    """The way back through a filter that slides pixel by pixel, no frame.

    x has shape (height, width), w has shape (rows, columns). The answer was
    z[u, v] = sum of x[u + r, v + s] * w[r, s] over r and s, plus a bias,
    with a window at every place where it fits. upstream has the shape of z
    and is the gradient of the loss with respect to z. Returns the gradients
    of the loss with respect to x, to w, and to the bias.
    """
    down, across = upstream.shape
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for r in range(w.shape[0]):
        for s in range(w.shape[1]):
            seen = slice(r, r + down), slice(s, s + across)
            dw[r, s] = np.sum(upstream * x[seen])
            dx[seen] += upstream * w[r, s]
    return dx, dw, upstream.sum()


def _backward_place_by_place(x, w, upstream):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), 0.0
    rows, columns = w.shape
    for (u, v), delta in np.ndenumerate(upstream):
        dx[u : u + rows, v : v + columns] += delta * w
        dw += delta * x[u : u + rows, v : v + columns]
        db += delta
    return dx, dw, db


def _correlate(x, w):
    return np.einsum("uvrs,rs->uv", np.lib.stride_tricks.sliding_window_view(x, w.shape), w)


def _in_frame(upstream, w):
    rows, columns = w.shape
    return np.pad(upstream, ((rows - 1, rows - 1), (columns - 1, columns - 1)))


def _backward_by_sliding(x, w, upstream):
    return _correlate(_in_frame(upstream, w), w[::-1, ::-1]), _correlate(x, upstream), np.sum(upstream)


def _filter_not_turned(x, w, upstream):
    return _correlate(_in_frame(upstream, w), w), _correlate(x, upstream), upstream.sum()


def _deltas_turned(x, w, upstream):
    dx, _, db = convolve_backward(x, w, upstream)
    return dx, _correlate(x, upstream[::-1, ::-1]), db


def _mean_over_places(x, w, upstream):
    dx, dw, db = convolve_backward(x, w, upstream)
    return dx, dw / upstream.size, db / upstream.size


def _bias_averaged(x, w, upstream):
    dx, dw, db = convolve_backward(x, w, upstream)
    return dx, dw, db / upstream.size


def _bias_at_every_place(x, w, upstream):
    dx, dw, _ = convolve_backward(x, w, upstream)
    return dx, dw, upstream.copy()


def _last_window_wins(x, w, upstream):
    dx = np.zeros(x.shape)
    rows, columns = w.shape
    for (u, v), delta in np.ndenumerate(upstream):
        dx[u : u + rows, v : v + columns] = delta * w
    return dx, _correlate(x, upstream), upstream.sum()


def _last_place_only(x, w, upstream):
    dx, _, db = convolve_backward(x, w, upstream)
    return dx, upstream[-1, -1] * x[-w.shape[0] :, -w.shape[1] :], db


def _upstream_forgotten(x, w, upstream):
    return convolve_backward(x, w, np.ones(upstream.shape))


def _only_whole_windows(x, w, upstream):
    _, dw, db = convolve_backward(x, w, upstream)
    return _correlate(np.pad(upstream, 1), w[::-1, ::-1]), dw, db


def _gradients_exchanged(x, w, upstream):
    dx, dw, db = convolve_backward(x, w, upstream)
    return dw, dx, db


def _sent_back(rng, height, width, rows, columns):
    upstream = rng.normal(size=(height - rows + 1, width - columns + 1))
    return rng.normal(size=(height, width)), rng.normal(size=(rows, columns)), upstream


CONVOLVE_BACKWARD = Exercise(
    id="convolve-backward",
    chapter=CHAPTER,
    title="The way back through a sliding filter",
    reference=convolve_backward,
    returns=("dx", "dw", "db"),
    difficulty=3,
    checks=(
        Check(
            "square windows",
            3,
            lambda rng: [
                (
                    np.array([[1.0, 2.0, 0.5], [4.0, 5.0, 6.0], [7.0, 8.0, 9.5]]),
                    np.array([[0.5, 1.0], [2.0, 3.0]]),
                    np.array([[1.0, -1.0], [0.25, 2.0]]),
                ),
                _sent_back(rng, 6, 6, 3, 3),
                _sent_back(rng, 5, 8, 3, 3),
            ],
        ),
        Check(
            "long windows",
            3,
            lambda rng: [_sent_back(rng, 6, 7, 2, 4), _sent_back(rng, 7, 5, 4, 3), _sent_back(rng, 5, 6, 3, 2)],
        ),
    ),
    alternatives=(_backward_place_by_place, _backward_by_sliding),
    misconceptions=(
        Misconception(
            _filter_not_turned,
            "Your dx has the filter the wrong way round. The window's upper left weight met the pixel at (u, v), its "
            "lower right one a pixel further down and to the right: on the way back, slide the filter turned around.",
        ),
        Misconception(
            _deltas_turned,
            "Your dw has the deltas turned around. Weight (r, s) met pixel (u + r, v + s) at place (u, v): slide "
            "upstream over x as it is.",
        ),
        Misconception(
            _mean_over_places,
            "Your dw and db are averages over the places. The same weight worked at each of them, so its slopes add "
            "up.",
        ),
        Misconception(
            _bias_averaged,
            "Your db is the average of upstream. The bias is added at every place, so its slope is the sum.",
        ),
        Misconception(
            _bias_at_every_place,
            "Your db has an entry for each place. There is one bias, and it collects from all of them.",
        ),
        Misconception(
            _last_window_wins,
            "Each pixel of your dx hears from one window only. Several windows saw it, so add up: += instead of =.",
        ),
        Misconception(
            _last_place_only,
            "Your dw is what the last place sends, and the others are lost. Each place adds its part: += instead of =.",
        ),
        Misconception(
            _upstream_forgotten,
            "Your gradients do not depend on upstream. They are those of the sum of z; multiply each place by its own "
            "delta.",
        ),
        Misconception(
            _only_whole_windows,
            "Your dx fits only windows of 2 by 2: the frame around upstream is always one. It has to be one less than "
            "the window, along each axis.",
        ),
        Misconception(
            _gradients_exchanged,
            "Your dx and dw stand in each other's place. First comes the gradient of x, which has the shape of x.",
        ),
    ),
    hints=(
        "Take one weight, w[r, s]. Which pixels did it meet, and at which places? Their products with upstream add up.",
        "Over all places at once these pixels are x[r:r + down, s:s + across], where (down, across) is the shape of "
        "upstream. To the same pixels goes upstream * w[r, s].",
        "Try an upstream with a single 1: dx must be the filter, laid where the window was.",
    ),
)


def max_pool(x, size, upstream):
    """Max pooling of a picture, forward and back.

    x has shape (height, width) and stays as it is. The windows have the
    shape (size, size) and lie side by side; rows and columns at the end
    that fill no window are left out. upstream has one entry for each
    window: the gradient of the loss with respect to its maximum. In a tie
    the first of the largest wins, counted line by line within the window.
    Returns the maxima, one for each window, and the gradient of the loss
    with respect to x.
    """
    h, w = x.shape[0] // size, x.shape[1] // size
    out, dx = np.empty((h, w)), np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            rows = slice(i * size, (i + 1) * size)
            columns = slice(j * size, (j + 1) * size)
            r, s = divmod(int(np.argmax(x[rows, columns])), size)
            out[i, j] = x[i * size + r, j * size + s]
            dx[i * size + r, j * size + s] = upstream[i, j]
    return out, dx


def _blocks(x, size):
    h, w = x.shape[0] // size, x.shape[1] // size
    return x[: h * size, : w * size].reshape(h, size, w, size).transpose(0, 2, 1, 3).reshape(h, w, size * size)


def _unblocked(blocks, size, shape):
    h, w, _ = blocks.shape
    dx = np.zeros(shape)
    dx[: h * size, : w * size] = blocks.reshape(h, w, size, size).transpose(0, 2, 1, 3).reshape(h * size, w * size)
    return dx


def _max_pool_by_blocks(x, size, upstream):
    blocks = _blocks(x, size)
    won = np.zeros(blocks.shape)
    np.put_along_axis(won, blocks.argmax(axis=2)[..., None], np.asarray(upstream)[..., None], axis=2)
    return blocks.max(axis=2), _unblocked(won, size, x.shape)


def _max_pool_by_comparing(x, size, upstream):
    h, w = upstream.shape
    out = np.full((h, w), -np.inf)
    for r in range(size):
        for s in range(size):
            out = np.maximum(out, x[r : h * size : size, s : w * size : size])
    dx, left = np.zeros(x.shape), upstream.copy()
    for r in range(size):
        for s in range(size):
            sent = np.where(x[r : h * size : size, s : w * size : size] == out, left, 0)
            dx[r : h * size : size, s : w * size : size] = sent
            left = left - sent
    return out, dx


def _to_every_cell(x, size, upstream):
    blocks = _blocks(x, size)
    return blocks.max(axis=2), _unblocked(upstream[..., None] * np.ones(blocks.shape), size, x.shape)


def _to_every_winner(x, size, upstream):
    blocks = _blocks(x, size)
    best = blocks.max(axis=2)
    return best, _unblocked(upstream[..., None] * (blocks == best[..., None]), size, x.shape)


def _shared_by_the_winners(x, size, upstream):
    blocks = _blocks(x, size)
    best = blocks.max(axis=2)
    won = blocks == best[..., None]
    return best, _unblocked(upstream[..., None] * won / won.sum(axis=2, keepdims=True), size, x.shape)


def _last_winner(x, size, upstream):
    blocks = _blocks(x, size)
    place = size * size - 1 - blocks[..., ::-1].argmax(axis=2)
    won = np.zeros(blocks.shape)
    np.put_along_axis(won, place[..., None], upstream[..., None], axis=2)
    return blocks.max(axis=2), _unblocked(won, size, x.shape)


def _mean_pooling(x, size, upstream):
    blocks = _blocks(x, size)
    return blocks.mean(axis=2), _unblocked(upstream[..., None] / size**2 * np.ones(blocks.shape), size, x.shape)


def _compared_with_zero(x, size, upstream):
    out, dx = max_pool(x, size, upstream)
    return np.maximum(out, 0), dx * (x > 0)


def _mask_returned(x, size, upstream):
    return max_pool(x, size, np.ones(np.shape(upstream)))


def _maximum_sent_back(x, size, upstream):
    out, won = max_pool(x, size, np.ones(np.shape(upstream)))
    return out, np.where(won == 1, x, 0.0)


def _winner_transposed(x, size, upstream):
    h, w = upstream.shape
    out, dx = np.empty((h, w)), np.zeros(x.shape)
    for i in range(h):
        for j in range(w):
            block = x[i * size : (i + 1) * size, j * size : (j + 1) * size]
            s, r = divmod(int(np.argmax(block)), size)
            out[i, j] = block.max()
            dx[i * size + r, j * size + s] = upstream[i, j]
    return out, dx


def _corner_forgotten(x, size, upstream):
    out, dx = _blocks(x, size).max(axis=2), np.zeros(x.shape)
    for (i, j), place in np.ndenumerate(_blocks(x, size).argmax(axis=2)):
        r, s = divmod(int(place), size)
        dx[i + r, j + s] = upstream[i, j]
    return out, dx


def _pooled(rng, height, width, size, tie=False, low=0.0):
    x = rng.normal(size=(height, width)) - low
    if tie:
        x = np.round(x)  # of a few whole numbers, so that many windows have two winners
        x[:2, :2] = 2.0
    return x, size, rng.normal(size=(height // size, width // size))


MAX_POOL = Exercise(
    id="max-pool",
    chapter=CHAPTER,
    title="Max pooling, forward and back",
    reference=max_pool,
    returns=("out", "dx"),
    difficulty=2,
    checks=(
        Check(
            "windows that fit",
            2,
            lambda rng: [
                (
                    np.array([[1.0, 3.0, -1.0, -2.0], [2.0, 0.5, -4.0, -3.0]]),
                    2,
                    np.array([[0.5, -2.0]]),
                ),
                _pooled(rng, 4, 6, 2),
                _pooled(rng, 6, 9, 3, low=3.0),
            ],
        ),
        Check("a rest at the border", 1, lambda rng: [_pooled(rng, 5, 7, 2), _pooled(rng, 8, 4, 3, low=3.0)]),
        Check("ties", 2, lambda rng: [_pooled(rng, 4, 4, 2, tie=True), _pooled(rng, 6, 6, 3, tie=True)]),
    ),
    alternatives=(_max_pool_by_blocks, _max_pool_by_comparing),
    misconceptions=(
        Misconception(
            _to_every_cell,
            "You send the gradient to every pixel of a window. Only the winner had a say: a little more of another "
            "would have changed nothing.",
        ),
        Misconception(
            _to_every_winner,
            "In a tie you tell every winner in full, so more comes back than went up. The first one gets it all.",
        ),
        Misconception(
            _shared_by_the_winners,
            "In a tie you share the gradient among the winners. That would be fair, but here the first gets it all.",
        ),
        Misconception(
            _last_winner,
            "In a tie you let the last winner have it. It is the first, line by line: what argmax finds.",
        ),
        Misconception(
            _mean_pooling,
            "You average each window, and share the gradient out. That is average pooling; here the largest counts.",
        ),
        Misconception(
            _compared_with_zero,
            "Where a whole window is negative, you answer 0. Compare the pixels with each other, not with a 0.",
        ),
        Misconception(
            _mask_returned,
            "You mark the winners with a 1. What goes back to each is the upstream gradient of its window.",
        ),
        Misconception(
            _maximum_sent_back,
            "You send the maximum itself back. The winner gets the upstream gradient of its window.",
        ),
        Misconception(
            _winner_transposed,
            "Your maxima are right, and some gradients go to the wrong pixel: row and column inside the window are "
            "exchanged. argmax counts line by line, so divmod(place, size) is (row, column).",
        ),
        Misconception(
            _corner_forgotten,
            "Your maxima are right, and some gradients go to the wrong pixel. argmax counts inside a window, and "
            "window (i, j) has its corner at (i * size, j * size).",
        ),
    ),
    hints=(
        "h = height // size counts the windows down and leaves the rest out. Loop over the windows.",
        "argmax on a window counts its pixels line by line, and in a tie gives the first. divmod(place, size) turns "
        "the count into row and column.",
    ),
)


def receptive_field(windows, strides):
    """How many pixels across one entry of the last map can see.

    windows and strides list, for each layer in turn, the side of its window
    and how far it moves; convolutions and poolings are alike in this. There
    are no frames. Returns the side, in pixels of the picture, of the square
    on which one entry of the last layer's answer depends.
    """
    sees, apart = 1, 1
    for window, stride in zip(windows, strides, strict=True):
        sees += (window - 1) * apart
        apart *= stride
    return sees


def _field_from_the_end(windows, strides):
    sees = 1
    for window, stride in zip(windows[::-1], strides[::-1], strict=True):
        sees = (sees - 1) * stride + window
    return sees


def _field_by_following_entries(windows, strides):
    low = high = 0
    for window, stride in reversed(list(zip(windows, strides, strict=True))):
        low, high = low * stride, high * stride + window - 1
    return high - low + 1


def _strides_left_out(windows, strides):
    return 1 + sum(window - 1 for window in windows)


def _windows_added(windows, strides):
    return sum(windows)


def _stride_widens_what_was_seen(windows, strides):
    sees = 1
    for window, stride in zip(windows, strides, strict=True):
        sees = sees * stride + window - 1
    return sees


def _windows_multiplied(windows, strides):
    return int(np.prod(windows))


def _own_stride_too_soon(windows, strides):
    sees, apart = 1, 1
    for window, stride in zip(windows, strides, strict=True):
        apart *= stride
        sees += (window - 1) * apart
    return sees


def _from_the_wrong_end(windows, strides):
    return receptive_field(windows[::-1], strides[::-1])


def _only_the_stride_before(windows, strides):
    before = [1, *strides[:-1]]
    return 1 + sum((window - 1) * stride for window, stride in zip(windows, before, strict=True))


def _whole_windows(windows, strides):
    sees, apart = 0, 1
    for window, stride in zip(windows, strides, strict=True):
        sees += window * apart
        apart *= stride
    return sees


def _moves_left_out(windows, strides):
    sees, apart = 0, 1
    for window, stride in zip(windows, strides, strict=True):
        sees += (window - 1) * apart
        apart *= stride
    return sees


def _layers(rng):
    count = int(rng.integers(4, 7))
    windows = [int(window) for window in rng.integers(2, 6, size=count)]
    return windows, [2, 3, *(int(stride) for stride in rng.integers(1, 4, size=count - 2))]


RECEPTIVE_FIELD = Exercise(
    id="receptive-field",
    chapter=CHAPTER,
    title="How far one entry sees",
    reference=receptive_field,
    difficulty=2,
    checks=(
        Check(
            "pixel by pixel",
            1,
            lambda rng: [
                ([5], [1]),
                ([3, 3], [1, 1]),
                ([3, 5, 2], [1, 1, 1]),
                ([int(w) for w in rng.integers(2, 8, size=4)], [1, 1, 1, 1]),
            ],
        ),
        Check(
            "with steps",
            2,
            lambda rng: [([3, 2, 3, 2], [1, 2, 1, 2]), ([7, 3, 3, 3], [2, 2, 1, 3]), _layers(rng), _layers(rng)],
        ),
    ),
    alternatives=(_field_from_the_end, _field_by_following_entries),
    misconceptions=(
        Misconception(
            _strides_left_out,
            "Where layers move in steps you see too little. After a step of 2, neighbours in a map lie two pixels "
            "apart in the picture, so each further window reaches twice as far.",
        ),
        Misconception(
            _windows_added,
            "You add up the windows. Neighbouring windows overlap: a window of 3 on a map adds two entries to the one "
            "that it starts from, not three.",
        ),
        Misconception(
            _stride_widens_what_was_seen,
            "You let a stride multiply what is seen. From the first layer on, it is the distance between neighbours "
            "that a stride multiplies; what is seen grows by (window - 1) such distances.",
        ),
        Misconception(
            _windows_multiplied,
            "You multiply the windows. That holds only where windows lie side by side; here most of them overlap.",
        ),
        Misconception(
            _own_stride_too_soon,
            "Where layers move in steps you see too far. A layer's own stride spreads the entries of its answer; its "
            "window still reads the map before.",
        ),
        Misconception(
            _from_the_wrong_end,
            "You go through the layers from the last to the first. A stride widens the windows that come after it.",
        ),
        Misconception(
            _only_the_stride_before,
            "You let only the last stride count. All strides before a layer multiply: two steps of 2 put neighbours "
            "four pixels apart.",
        ),
        Misconception(
            _whole_windows,
            "You add whole windows. A window that reaches over 3 entries adds the way from the first to the last, two "
            "distances, to what one entry sees.",
        ),
        Misconception(
            _moves_left_out,
            "You are one short everywhere. Without any layer an entry is a pixel, and sees 1: start there.",
        ),
    ),
    hints=(
        "Keep two numbers: how many pixels an entry sees, and how many pixels lie between neighbouring entries. At "
        "the start both are 1.",
        "A window adds (window - 1) times the distance to what is seen. Then the stride multiplies the distance.",
    ),
)

EXERCISES = (CONV_LAYER_SIZE, CONVOLVE, WINDOWS_AS_ROWS, CONVOLVE_BACKWARD, MAX_POOL, RECEPTIVE_FIELD)

QUIZ = (
    Question(
        "A convolution with 16 filters was built for pictures of 32 by 32. Now the pictures are 64 by 64, in as many "
        "channels. What happens to the number of its parameters?",
        (
            Choice(
                "It grows fourfold, with the pixels",
                False,
                "The map that comes out grows about fourfold. The weights are those of one window, at every place.",
            ),
            Choice(
                "It doubles, with the side",
                False,
                "The number of weights knows neither side nor area, only window, channels and filters.",
            ),
            Choice(
                "Nothing",
                True,
                "A filter has window * window * channels weights and a bias, however far it slides. A dense layer "
                "behind the flattened map is another matter.",
            ),
        ),
    ),
    Question(
        "How does the slope of one weight of a filter come about?",
        (
            Choice(
                "As a sum over all places where the window lay",
                True,
                "The same weight worked at every place, so it collects delta times pixel from each of them.",
            ),
            Choice(
                "As the mean over the places, since the same weight must not be counted more than once",
                False,
                "Nothing divides by the places. One parameter that works several times collects a term each time.",
            ),
            Choice(
                "From the place with the largest answer alone",
                False,
                "So it is with a pooling, where the others had no say. In a convolution every place has one.",
            ),
        ),
    ),
    Question(
        "Which of these holds exactly, away from the border, for every picture?",
        (
            Choice(
                "A convolution answers a moved picture as it answered the one before",
                False,
                "Its answer moves along. Each entry of the map, taken by itself, changes.",
            ),
            Choice(
                "A pooling of 2 by 2 takes out a move by one pixel",
                False,
                "It may change which pixels share a window. Moves by two pixels it hands on, as moves by one.",
            ),
            Choice(
                "A network of convolutions, poolings and dense layers classifies the moved picture as before",
                False,
                "This is a hope. A dense layer has other weights for every place, and knows only the places that it "
                "was shown.",
            ),
            Choice(
                "The map of a moved picture is the moved map",
                True,
                "This is equivariance. It needs only that the same weights look everywhere, one pixel apart.",
            ),
        ),
    ),
    Question(
        "A colleague lays the thirty measurements of a patient out as a picture of 5 by 6 and trains a convolution. "
        "What do you say?",
        (
            Choice(
                "Good: fewer weights, so it will overfit less",
                False,
                "Fewer weights help if they can still say what matters. Here they are tied by an order that somebody "
                "chose.",
            ),
            Choice(
                "The bet does not fit: neighbours in that picture mean nothing",
                True,
                "Sharing pays where near things belong together and the same thing may appear anywhere. Columns of a "
                "table can be shuffled.",
            ),
            Choice(
                "It cannot train, because a convolution needs at least three channels to find anything",
                False,
                "It will train, on one channel too. It bets on neighbourhoods that do not exist.",
            ),
        ),
    ),
    Question(
        "The labels are the numbers 0 to 9, and the last layer is a softmax of ten. Which loss do you compile with?",
        (
            Choice(
                "sparse_categorical_crossentropy",
                True,
                "It takes the number of the class. With one-hot rows it would be categorical_crossentropy, and the "
                "same value.",
            ),
            Choice(
                "categorical_crossentropy",
                False,
                "It wants rows such as 0 0 1 0 ...; numbers it refuses. Turn them into rows, or take the other name.",
            ),
            Choice(
                "binary_crossentropy, since each of the ten outputs is either right or wrong",
                False,
                "That is for answers that do not exclude each other, with a sigmoid each.",
            ),
        ),
    ),
    Question(
        "Filters drawn at random, never trained, read digits as well as trained filters, if the last layer is trained "
        "and sees every place of their maps. What follows?",
        (
            Choice(
                "That the random filters happened to be edges, shapes and objects",
                False,
                "They are noise, and they looked like it. Nothing about parts with names follows from a good score.",
            ),
            Choice(
                "That training filters is a waste, on any pictures",
                False,
                "On small digits, with a last layer that sees every place. Where only the maximum of a map went on, "
                "noise fell far behind.",
            ),
            Choice(
                "That here the last layer can do the work alone",
                True,
                "It reads every place, and windows of noise with a bend behind them tell it enough. So a good score "
                "alone says little about what filters have learned.",
            ),
        ),
    ),
)
