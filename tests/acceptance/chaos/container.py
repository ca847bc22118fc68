"""Ends the container in which a process runs, as an operator of the machine would by mistake."""

from madoguchi.containers.engine import docker


def kill_container(pid: int) -> None:
    """``docker kill`` the running container whose first process is *pid*. Raises LookupError for none."""
    running = docker("ps", "--quiet", "--no-trunc").split()
    found = docker("inspect", "--format", "{{.State.Pid}} {{.Id}}", *running).splitlines()
    names = dict(line.split() for line in found)
    if str(pid) not in names:
        raise LookupError(f"process {pid} is the first of no container")
    docker("kill", names[str(pid)])
