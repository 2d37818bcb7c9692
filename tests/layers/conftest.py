import pytest


@pytest.fixture(scope="session")
def torch():
    """PyTorch, the other framework that these layers are compared with."""
    return pytest.importorskip("torch", reason="PyTorch is the oracle here. To run this test: pip install torch")
