#!/usr/bin/env python3
"""Turn a kernel source tarball (stdin) into a git fast-import stream (stdout).

Faster than unpacking it and running `git add`, and the disk never holds a
second copy of the tree. Usage: import-tar.py REF MESSAGE < source.tar
"""
import sys
import tarfile


def mode_of(member):
    if member.issym():
        return b"120000"
    return b"100755" if member.mode & 0o100 else b"100644"


def main(ref, message):
    out = sys.stdout.buffer
    text = message.encode() + b"\n"
    # A fixed author and date: the same source always gives the same commit.
    out.write(b"commit %s\n" % ref.encode()
              + b"committer Linux source <linux@localhost> 0 +0000\n"
              + b"data %d\n%s\n" % (len(text), text))
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as tar:
        for member in tar:
            if member.isdir():
                continue
            if not (member.isfile() or member.issym()):
                sys.exit(f"import-tar: {member.name}: neither file nor symlink")
            path = member.name.removeprefix("./").split("/", 1)[1].encode()
            data = (member.linkname.encode() if member.issym()
                    else tar.extractfile(member).read())
            out.write(b"M %s inline %s\ndata %d\n" % (mode_of(member), path, len(data)))
            out.write(data)
            out.write(b"\n")
            tar.members = []    # or it would remember every one of them
    # Without this line fast-import takes the stream for a broken one.
    out.write(b"done\n")


main(*sys.argv[1:])
