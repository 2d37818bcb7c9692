"""Bulk grading: notebooks of a class in, gradebooks and reports out, and nothing that a submission could do to them.

Two sides, one channel. In the box run `zygote` (the warm process), `worker` (one submission), `submission` and
`offered` (reading it), `confine` and `seccomp` (what a process may do). The grader's side is `places`, `sandbox` and
`dialogue` (making the box, talking to it), `marking` (one submission), `assignment`, `roster` and `batch` (a class),
`result`, `gradebook` and `pages` (what comes out), `command`. Between them stand `wire` and `record`, which believe
nothing.
"""
