"""The workflows and the script that they run: all that can be known of them without the service that runs them."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")

# Who may write what. All else is read.
WRITES = {
    ("book.yml", "deploy"): {"pages", "id-token"},
    ("book.yml", "notebooks"): {"contents"},
    ("weekly.yml", "newest"): {"issues"},
}

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path):
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def scripts(path):
    """The shell scripts of a workflow, with a word where the service would fill in a value."""
    return [EXPRESSION.sub("value", step["run"]) for step in steps(path) if "run" in step]


def test_the_three_workflows_are_there():
    assert [path.name for path in WORKFLOWS] == ["book.yml", "tests.yml", "weekly.yml"]


@each_workflow
def test_it_follows_the_published_schema(against_schema, path):
    done = against_schema("vendor.github-workflows", path)
    assert done.exit_code == 0, done.output


def test_the_schema_notices_a_misspelt_key(against_schema, tmp_path):
    path = tmp_path / "wrong.yml"
    path.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    done = against_schema("vendor.github-workflows", path)
    assert done.exit_code == 1 and "run-on" in done.output


@each_workflow
def test_every_script_is_bash(path, need):
    bash = need("bash", how="install bash")
    for script in scripts(path):
        done = subprocess.run([bash, "-n"], input=script, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, f"{script}\n{done.stderr}"


@each_workflow
def test_every_action_is_held_to_a_major_version(path):
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]), step["uses"]


@each_workflow
def test_jobs_may_write_only_what_they_are_for(path):
    workflow = load(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        writes = {key for key, level in job.get("permissions", {}).items() if level != "read"}
        assert writes == WRITES.get((path.name, name), set())


@each_workflow
def test_every_job_ends(path):
    assert all(job["timeout-minutes"] <= 60 for job in load(path)["jobs"].values())


@each_workflow
def test_what_it_names_exists(path):
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = metadata["project"]["optional-dependencies"]
    markers = {marker.partition(":")[0] for marker in metadata["tool"]["pytest"]["ini_options"]["markers"]}
    for step in steps(path):
        if file := step.get("with", {}).get("cache-dependency-path"):
            assert (ROOT / file).is_file(), file
    for script in scripts(path):
        for file in re.findall(r"(?<![\w$/])\.(?:ci|binder)/[\w.]+", script):
            assert (ROOT / file).is_file(), file
        for extra in re.findall(r'"\.\[(\w+)\]"', script):
            assert extra in extras, extra
        for expression in re.findall(r'-m "([^"]+)"', script):
            assert set(re.findall(r"\w+", expression)) - {"not", "and", "or"} <= markers, expression


def test_the_package_is_tested_on_every_system_and_python():
    matrix = load(ROOT / ".github/workflows/tests.yml")["jobs"]["package"]["strategy"]["matrix"]
    assert matrix["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert matrix["python"] == ["3.11", "3.12", "3.13"]


def test_the_pages_are_built_strictly():
    assert "jupyter-book build . -W -n --keep-going" in scripts(ROOT / ".github/workflows/book.yml")


def test_the_weekly_run_has_neither_pins_nor_caches():
    path = ROOT / ".github/workflows/weekly.yml"
    text = path.read_text(encoding="utf-8")
    assert ".ci/run --newest" in text
    assert "constraints" not in text
    assert not any("cache" in key for step in steps(path) for key in step.get("with", {}))
    [setup] = [step for step in steps(path) if step.get("uses", "").startswith("actions/setup-python")]
    assert setup["with"]["python-version"] == "3.x"


def test_the_script_of_ci_is_bash_and_may_be_run(need):
    script = ROOT / ".ci" / "run"
    assert sys.platform == "win32" or os.access(script, os.X_OK)
    with script.open("rb") as text:
        subprocess.run([need("bash", how="install bash"), "-n"], stdin=text, check=True)


def test_ci_runs_the_two_commands_of_the_readme():
    blocks = re.findall(r"^```bash\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert blocks[:2] == [
        'pip install -c .binder/constraints.txt -e ".[book]" && jupyter-book build .\n',
        'pip install -c .binder/constraints.txt -e ".[test]" && pytest\n',
    ]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'build=$(readme "jupyter-book build .")' in script
    assert 'tests=$(readme "&& pytest")' in script


def test_the_notebooks_of_the_site_become_the_only_commit_of_their_branch(need, tmp_path):
    """The scripts of the workflow, run beside a bare repository, with what its actions do done by hand."""
    git = need("git", how="install git")
    bash = need("bash", how="install bash")
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    name = ["-c", "user.name=one", "-c", "user.email=one@example.org"]
    jobs = load(ROOT / ".github/workflows/book.yml")["jobs"]
    aside, leave, publish = [
        step["run"]
        for step in [*jobs["build"]["steps"], *jobs["notebooks"]["steps"]]
        if step.get("name", "").partition(" ")[0] in ("Set", "Leave", "Publish")
    ]

    def run(script, folder=clone):
        environment = {**os.environ, "GITHUB_SHA": "0123abc", "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run([bash, "-e", "-c", script], cwd=folder, env=environment, check=True, capture_output=True)

    subprocess.run([git, "init", "--quiet", "--bare", "--initial-branch=main", origin], check=True)
    for text in ("old", "new"):  # the second time the branch is there, with other notebooks
        shutil.rmtree(clone, ignore_errors=True)
        subprocess.run([git, "clone", "--quiet", origin, clone], check=True, capture_output=True)
        (clone / ".gitignore").write_text("*.ipynb\n")
        run(f"git add . && git {' '.join(name)} commit --quiet --allow-empty -m {text} && git push origin HEAD:main")
        built = clone / "_build/html/_sources/book"
        built.mkdir(parents=True)
        (built / f"{text}.ipynb").write_text(text)
        (built / "page.md").write_text("a page")
        run(aside)
        artifact = (clone / "notebooks").rename(tmp_path / f"artifact-{text}")
        shutil.rmtree(clone / "_build")
        run(leave)
        shutil.copytree(artifact, clone, dirs_exist_ok=True)
        run(publish)
    told = subprocess.run([git, "log", "--format=%s", "--name-only", "notebooks"], cwd=origin, capture_output=True)
    assert told.stdout.decode().split("\n") == ["The notebooks of the site of 0123abc", "", "book/new.ipynb", ""]
