"""Numbers in the prose that are chosen or known, not computed: numeral -> why no output needs to show it."""

EVERYWHERE = {
    "0": "the answer of a silent neuron, a class, a threshold",
    "1": "the answer of a firing neuron, a class, the constant of the bias",
}

CHAPTERS = {
    "01-from-neuron-to-perceptron": {
        "1943": "year of McCulloch and Pitts's paper",
        "1958": "year of Rosenblatt's paper",
        "1962": "year of Novikoff's proof",
        "1936": "year of Fisher's measurements",
        "1.5": "the threshold that the reader is led to, by hand",
        "2": "the sum of two inputs that are on",
        "0.1": "a learning rate that is tried",
        "0.25": "the margin that an exercise asks for",
        "-1": "a possible difference of target and answer",
        "50": "flowers of each species in Fisher's data; epochs looked back at",
        "20": "epochs on a button of the widget; shuffles tried",
    },
    "02-sigmoid-neuron": {
        "20": "steps on a button of the widget",
        "0.9": "an answer of the neuron, taken as an example",
    },
    "03-multilayer-perceptrons": {
        "1989": "year of two papers",
        "1993": "year of a paper",
        "2": "a class, in a list of classes",
        "-0.5": "a bias chosen by hand",
        "1.5": "a bias chosen by hand",
        "0.05": "the tolerance that an exercise allows",
        "0.5": "an input that is chosen, and the threshold of a decision",
        "0.3": "a weight that is chosen",
        "-0.1": "a weight that is chosen",
        "-0.2": "a weight that is chosen",
        "0.4": "a weight that is chosen",
        "-0.3": "a weight that is chosen",
    },
    "04-activations": {
        "2010": "the decade in which the ReLU spread",
        "0.3": "the default of Keras's LeakyReLU",
    },
    "05-losses": {
        "2004": "year of a paper",
        "1964": "year of a paper",
        "2021": "year of a paper",
        "20": "the reading that is wrong, which is chosen",
        "50": "the delta that is chosen",
        "0.1": "the learning rate that is tried",
        "2": "the factor of a square's derivative",
        "8": "a digit, as an example of a class",
        "5": "a digit, as an example of a class",
        "1e-7": "where probabilities are usually clipped",
    },
    "06-gradient-descent": {
        "0.1": "the learning rate of the walk, which is chosen",
    },
    "07-backpropagation": {
        "0.8": "an input of the first neuron, which is chosen",
    },
    "09-training-loop": {
        "2017": "year of a paper",
        "2019": "year of a paper",
        "32": "a batch size that is chosen: the usual one",
        "0.1": "the learning rate that is chosen",
        "0.3": "the loss at which the clock is stopped",
        "0.95": "the share of right answers that a run is asked for",
    },
}
