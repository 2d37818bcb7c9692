"""Submissions that mean harm, or look as if they did: cells of code that all claim to be `step` of chapter 1.

None of them computes `step`, so none may gain a point. `{canary}` is a file that must survive and stay unread, `{port}`
a port of this machine on which nobody may call, `{solutions}` the module with the solution. All are bounded: where the
confinement failed, they would cost some seconds, some memory, and the canary.
"""

import numpy as np


def function(body, above=""):
    """A cell with `above`, and a `step` of this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"import os, sys\nimport numpy as np\n{above}\ndef step(z):\n{lines}"


def at_load(body, claim="return np.zeros_like(z)"):
    """A cell whose code runs while it is read: in the default of an argument."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"import os, sys\nimport numpy as np\ndef hidden():\n{lines}\ndef step(z, trick=hidden()):\n    {claim}\n"


# Time. The function must end by the limit, whatever it swallows.
TIME = {
    "an endless loop": function("while True:\n    pass"),
    "a loop that swallows everything": function(
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
    ),
    "a loop in one call of NumPy": function("for _ in range(10**9):\n    np.sort(np.zeros(10**7))"),
    "sleeping": function("import time\ntime.sleep(10**6)"),
    "sleeping a little at a time": function("import time\nwhile True:\n    time.sleep(0.3)"),
    "an answer that trickles": function(
        "import time\nfor handle in range(3, 64):\n    try:\n        os.write(handle, b'\\xff\\x00\\x00\\x00')\n"
        "        while True:\n            os.write(handle, b' ')\n            time.sleep(0.1)\n"
        "    except OSError:\n        pass"
    ),
    "waiting for input": function("return sys.__stdin__.read() or os.read(0, 1) or __import__('time').sleep(10**6)"),
    "a lock that nobody opens": function("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
    "ignored signals": function(
        "import signal\nfor number in range(1, 65):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nwhile True:\n    pass"
    ),
    "an exception that takes for ever to print": function(
        "raise Slow()", "class Slow(Exception):\n    def __str__(self):\n        while True: pass"
    ),
    "an endless loop while the file is read": at_load("while True:\n    pass"),
}

# Ends of the process. They cost this exercise, and only this.
ENDS = {
    "sys.exit": function("sys.exit(0)"),
    "os._exit": function("os._exit(0)"),
    "a segmentation fault": function("import ctypes\nctypes.string_at(0)"),
    "abort": function("os.abort()"),
    "no end of recursion": function("return step(z)"),
    "no end of recursion, with the limit raised": function("sys.setrecursionlimit(10**9)\nreturn step([z])"),
    "KeyboardInterrupt": function("raise KeyboardInterrupt"),
    "os._exit while the file is read": at_load("os._exit(0)"),
}

# Other processes.
PROCESSES = {
    "killing the parent": function("os.kill(os.getppid(), 9)\nreturn np.zeros_like(z)"),
    "killing everybody": function(
        "for pid in range(1, 50):\n    try:\n        if pid != os.getpid():\n            os.kill(pid, 9)\n"
        "    except OSError:\n        pass\nreturn np.zeros_like(z)"
    ),
    "stopping itself": function("import signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    "stopping the parent": function("import signal\nos.kill(os.getppid(), signal.SIGSTOP)"),
    "forks": function("for _ in range(20):\n    os.fork()"),
    "a detached process": function(
        "import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 5; rm -f {canary}'], start_new_session=True)"
    ),
    "threads": function(
        "import threading\nfor _ in range(20):\n    threading.Thread(target=lambda: None, daemon=True).start()"
    ),
    "another program": function("os.execv('/bin/sh', ['sh', '-c', 'rm -f {canary}'])"),
    "system": function("return os.system('rm -f {canary}')"),
    "a signal by way of the kernel": function(
        "import fcntl\nfor handle in range(3, 64):\n    try:\n"
        "        fcntl.fcntl(handle, fcntl.F_SETOWN, os.getppid())\n"
        "        fcntl.fcntl(handle, 10, 9)  # F_SETSIG, SIGKILL\n"
        "        fcntl.fcntl(handle, fcntl.F_SETFL, fcntl.fcntl(handle, fcntl.F_GETFL) | os.O_ASYNC)\n"
        "    except OSError:\n        pass\nwhile True:\n    pass"
    ),
    "tracing the parent": function(
        "import ctypes\nassert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0, 'refused'"
    ),
    "more rights for itself": function(
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\nos.setuid(0)"
    ),
}

# Memory, output, files, network.
RESOURCES = {
    "30 GB at once": function("return np.ones(30 * 2**27) + 1"),
    "30 GB bit by bit": function("held = []\nwhile True:\n    held.append(np.ones(2**20))"),
    "30 GB of Python objects": function("held = []\nwhile True:\n    held.append([None] * 10**6)"),
    "1 GB returned": function("return np.zeros(2**27)"),
    "100 MB returned": function("return np.zeros(100 * 2**17)"),
    "1 GB printed": function("for _ in range(2**10):\n    print('x' * 2**20)\nreturn np.zeros_like(z)"),
    "1 GB to standard error": function("for _ in range(2**10):\n    print('x' * 2**20, file=sys.__stderr__)"),
    "1 GB past Python": function("for _ in range(2**10):\n    os.write(1, b'x' * 2**20)"),
    "1 GB printed while the file is read": at_load("for _ in range(2**10):\n    print('x' * 2**20)"),
    "many open files": function("held = [os.open(os.__file__, 0) for _ in range(10**5)]"),
    "a deleted file": function("os.remove('{canary}')\nreturn np.zeros_like(z)"),
    "an overwritten file": function("open('{canary}', 'w').write('')\nreturn np.zeros_like(z)"),
    "deleted folders": function("import shutil\nshutil.rmtree(os.path.dirname('{canary}'), ignore_errors=True)"),
    "files everywhere": function(
        "for folder in ('/', '/tmp', '/dev/shm', '/box', os.getcwd(), os.path.dirname('{canary}')):\n"
        "    for number in range(100):\n        try:\n"
        "            open(f'{{folder}}/left-behind-{{number}}', 'w').write('x')\n"
        "        except OSError:\n            pass\nreturn np.zeros_like(z)"
    ),
    "the network": function("import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=2).send(b'z')"),
    "a server": function("import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()"),
    "the system's limits": function("import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))"),
}

# The answer from somewhere else.
LOOKS = """
def search(value, depth=0):
    if isinstance(value, np.ndarray) and set(np.unique(value)) <= {{0, 1}}:
        return value
    if depth < 3 and isinstance(value, (list, tuple, dict)):
        for item in (value.values() if isinstance(value, dict) else value):
            if (found := search(item, depth + 1)) is not None:
                return found
"""
ANSWERS = {
    "expected values in frames": function(
        "frame = sys._getframe(1)\nwhile frame:\n    for part in (frame.f_locals, frame.f_globals):\n"
        "        for name in list(part):\n"
        "            if any(w in name for w in ('expect', 'want', 'refer', 'answer')):\n"
        "                if (found := search(part[name])) is not None and found.shape == np.shape(z):\n"
        "                    return found\n    frame = frame.f_back",
        LOOKS,
    ),
    "expected values in the garbage collector": function(
        "import gc\nfor thing in gc.get_objects():\n    if type(thing) in (list, tuple, dict) and thing is not z:\n"
        "        found = search(thing)\n"
        "        if found is not None and found.shape == np.shape(z) and np.size(z) > 2:\n"
        "            return found",
        LOOKS,
    ),
    "the solution on the disk": function(
        "names = {{}}\nsource = open('{solutions}').read().split('def step')[1].split('def _')[0]\n"
        "exec('import numpy as np\\ndef step' + source, names)\nreturn names['step'](z)"
    ),
    "the solution imported": function("from nncourse.exercises.chapter_01 import step\nreturn step(z)"),
    "the solution imported at the top": "from nncourse.exercises.chapter_01 import step\n",
    "the solution found by the path": function(
        "sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname('{solutions}'))))\n"
        "from nncourse.exercises.chapter_01 import step\nreturn step(z)"
    ),
    "the package installed": function("import nncourse as nn\nreturn nn.activations.step(z)"),
    "torch": function("import torch\nreturn torch.heaviside(torch.tensor(z), torch.tensor(1.0)).numpy()"),
    "scikit-learn at the top": function("return binarize(z)", "from sklearn.preprocessing import binarize"),
    "another submission's files": function(
        "import glob\nfor path in glob.glob('/tmp/**/*', recursive=True) + glob.glob('/proc/*/mem'):\n"
        "    exec(open(path).read(), globals())\nreturn np.zeros_like(z)"
    ),
}

# The judge deceived.
FORGED = '{{"op": "ran", "values": ["t", ["t"], null, false], "blocks": [], "points": 99, "passed": true}}'
JUDGE = {
    "numpy.testing patched": function(
        "import numpy.testing\nfor name in dir(numpy.testing):\n    if name.startswith('assert'):\n"
        "        setattr(numpy.testing, name, lambda *a, **k: None)\n"
        "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\nreturn np.zeros_like(z)"
    ),
    "builtins patched": function(
        "import builtins\nbuiltins.all = builtins.any = builtins.isinstance = lambda *a: True\n"
        "builtins.len = lambda a: 0\nreturn np.zeros_like(z)"
    ),
    "the check patched": at_load(
        "for name, module in list(sys.modules.items()):\n    for part in list(vars(module)):\n"
        "        if part in ('check', 'judge', 'same', 'close', 'identical'):\n"
        "            setattr(module, part, lambda *a, **k: True)"
    ),
    "the worker patched": at_load(
        "worker = sys.modules['gradebox.grading.worker']\nworker.attempt = lambda f, cases: None\n"
        "worker.record.packed = lambda *a: worker.wire.pack({{'op': 'ran'}}, 'passed')"
    ),
    "a forged frame": function(
        "import struct\ntext = b'" + FORGED + "'\nfor handle in range(3, 64):\n    try:\n"
        "        os.write(handle, struct.pack('<I', len(text)) + text)\n    except OSError:\n        pass\n"
        "return np.zeros_like(z)"
    ),
    "a forged frame while the file is read": at_load(
        "import struct\ntext = b'" + FORGED + "'\nfor handle in range(3, 64):\n    try:\n"
        "        os.write(handle, (struct.pack('<I', len(text)) + text) * 20)\n    except OSError:\n        pass"
    ),
    "noise on every channel": function(
        "for handle in range(3, 64):\n    try:\n        os.write(handle, b'\\xff' * 999)\n"
        "    except OSError:\n        pass\nreturn np.zeros_like(z)"
    ),
    "an endless answer": function(
        "for handle in range(3, 64):\n    try:\n        while True:\n"
        "            os.write(handle, b'\\xff\\xff\\x01\\x00' + b'[' * 65535)\n"
        "    except OSError:\n        pass"
    ),
    "every channel closed": function("os.closerange(0, 64)\nreturn np.zeros_like(z)"),
    "every channel closed, and alive": function("os.closerange(0, 64)\nwhile True:\n    pass"),
    "an object equal to everything": function(
        "return Yes()",
        "class Yes:\n    def __eq__(self, other): return True\n"
        "    __ne__ = lambda self, other: False\n    __hash__ = None",
    ),
    "an array equal to everything": function(
        "return np.asarray(z).view(Yes)",
        "class Yes(np.ndarray):\n    def __eq__(self, other): return np.ones(self.shape, bool)\n"
        "    def __sub__(self, other): return np.zeros(self.shape)\n"
        "    def __array_ufunc__(self, *a, **k): return True",
    ),
    "a number equal to everything": function(
        "return Yes(5)", "class Yes(float):\n    def __eq__(self, other): return True\n    __hash__ = None"
    ),
    "an object that lies about its class": function(
        "return Lie()",
        "class Lie:\n    __class__ = property(lambda self: np.ndarray)\n"
        "    def __array__(self, *a, **k): raise SystemExit",
    ),
    "an object that is a bomb when pickled": function(
        "return Bomb()", "class Bomb:\n    def __reduce__(self): return (os.system, ('rm -f {canary}',))"
    ),
    "an array of bombs": function(
        "return np.array([Bomb()], dtype=object)",
        "class Bomb:\n    def __reduce__(self): return (os.system, ('rm -f {canary}',))",
    ),
    "a nest of lists": function("x = []\nfor _ in range(10**5):\n    x = [x]\nreturn x"),
    "a list that contains itself": function("x = []\nx.append(x)\nreturn x"),
    "a huge whole number": function("return 10**5000"),
    "a list that is huge as an array": function("return ['x' * 10**6] + [''] * 10**5"),
    "a list whose numbers are no floats": function("return [1.5, 10**400]"),
    "a reason of 1 MB": at_load("sys.modules['gradebox.grading.wire']._encode = lambda *a: ['t', 'x' * 10**6, ['t']]"),
    "messages of 1 MB": function(
        "told = ['t', None, ['t', *['x' * 10**6] * 3, False], ['t'], ['t'], '']\n"
        "wire = sys.modules['gradebox.grading.wire']\nreal = wire._encode\n"
        "def forged(value, blocks, depth=0):\n    wire._encode = real\n"
        "    return ['t', ['t', *(['t', *[told] * len(group)] for group in value[0])], None, False]\n"
        "wire._encode = forged\nreturn np.zeros_like(z)"
    ),
    "a list of a million": function("return [0.0] * 10**6"),
    "letters that no file holds": function("return '\\ud800' * 10"),
    "an array of impossible letters": function("return np.array([0x7fffffff], dtype='<u4').view('<U1')"),
    "nan": function("return np.full(np.shape(z), np.nan)"),
    "truth values of its own": function("return np.ma.masked_all(np.shape(z))"),
    "its argument changed in place": function(
        "z = np.asarray(z)\nz[...] = np.where(z >= 0, 1, 0)\nreturn z.astype(int)"
    ),
    "no function at all": "step = 5\n",
    "a class": "class step:\n    def __init__(self, z): pass\n    passed = True\n",
    "a signature that lies": function("return np.zeros_like(z)", "") + "step.__signature__ = 'no signature'\n",
    "a name that is no name": "import numpy as np\nstep = np.vectorize(lambda z: 0)\n",
}

# Words that do harm where they are shown.
WORDS = '=HYPERLINK("http://localhost")<script>alert(1)</script>\\x1b[2J\\x00\\u202e@SUM(A1)'
SHOWN = {
    "an exception with HTML, a formula and control characters": function(f"raise ValueError('''{WORDS}''')"),
    "an exception by another name": function("raise Bad", "Bad = type('''=cmd()<b>\\x07''', (Exception,), {{}})"),
    "an output with HTML": function(f"return '''{WORDS}'''"),
    "a type with HTML": function("return type('<img src=x>', (), {{}})()"),
    "print with HTML": function(f"print('''{WORDS}''')\nreturn np.zeros_like(z)"),
    "a comment in a line that fails": function("raise ValueError()  # <script>alert(1)</script>"),
    "an exception of 100 MB": function("raise ValueError('x' * 10**8)"),
    "an exception that cannot be printed": function(
        "raise Mute", "class Mute(Exception):\n    def __str__(self): raise SystemExit"
    ),
    "a name with HTML in a cell that fails": "def step(z, trick=1 / 0):  # <script>alert(1)</script>\n    pass\n",
}

HOSTILE = TIME | ENDS | PROCESSES | RESOURCES | ANSWERS | JUDGE | SHOWN

# Files that are no notebooks, or strange ones: bytes, and how the name ends.
FILES = {
    "brackets": (b"[" * 10**6, ".ipynb"),
    "braces": (b'{"cells":' * 10**5, ".ipynb"),
    "nothing": (b"", ".ipynb"),
    "noise": (np.random.default_rng(0).bytes(10_000), ".ipynb"),
    "a list": (b"[1, 2]", ".ipynb"),
    "cells that are none": (
        b'{"cells": [1, null, {"cell_type": "code"}, {"cell_type": "code", "source": {}}]}',
        ".ipynb",
    ),
    "cells by number": (b'{"cells": 5}', ".ipynb"),
    "many empty cells": (b'{"cells": [' + b"{}," * 500_000 + b"{}]}", ".ipynb"),
    "a number of a million digits": (b'{"cells": ' + b"9" * 10**6 + b"}", ".ipynb"),
    "too large": (b" " * (21 << 20), ".ipynb"),
    "an old notebook": (b'{"worksheets": [], "nbformat": 3}', ".ipynb"),
    "parentheses": (b"```python\n" + b"(" * 10**5 + b"\n```", ".md"),
    "a long sum": (b"```python\ndef step(z):\n    return " + b"1+" * 10**5 + b"1\n```", ".md"),
    "a null byte": (b"```python\ndef step(z):\n    return 0\0\n```", ".md"),
    "fences without end": (b"```" * 10**5, ".md"),
    "another encoding": ("```python\n# é\n```".encode("utf-16"), ".md"),
    "an archive": (b"PK\x03\x04" * 100, ".ipynb"),
    "a pickle": (b"cos\nsystem\n(S'true'\ntR.", ".ipynb"),
}
