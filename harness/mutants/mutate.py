#!/usr/bin/env python3
"""Reads the mutants in harness/mutants/*.txt, or those of the directory
KAPI_MUTANTS; README.txt there says what they look like.

  mutate.py list REGEX        NAME<tab>CLAUSES<tab>NEEDS<tab>SURVIVES<tab>SPEC, for
                              each whose name the regex matches, in order
  mutate.py apply NAME TREE DIR
                              writes what the mutant changes of TREE into DIR, as
                              DIR/PATH, and prints each PATH
"""
import os
import pathlib
import re
import sys

HEADS = ("Bug", "Clause", "Needs", "Survives", "Spec", "Function", "Correct")


class Bad(Exception):
    """What is wrong with a mutant."""


class Edit:
    def __init__(self, path, start):
        self.path, self.start = path, start
        self.old, self.new = [], []

    def add(self, line):
        mark, text = line[0], line[1:]
        if mark in " -":
            self.old.append(text)
        if mark in " +":
            self.new.append(text)

    def apply(self, lines):
        """The file's lines with the edit made, once, at the first place."""
        first = next((n for n, line in enumerate(lines) if self.start in line), None)
        if first is None:
            raise Bad(f"{self.path} has no line with: {self.start}")
        for n in range(first, len(lines) - len(self.old) + 1):
            if lines[n:n + len(self.old)] == self.old:
                return lines[:n] + self.new + lines[n + len(self.old):]
        raise Bad(f"{self.path}, from \"{self.start}\" on, has nowhere: " + " / ".join(self.old))


class Mutant:
    def __init__(self, name):
        self.name, self.edits, self.path, self.key = name, [], None, None
        self.head = {}
        self.blank = 0

    def add(self, line):
        """A line without anything is one of the edit that goes on behind it."""
        if not line:
            self.blank += 1
            return
        if line[0] in " +-" and self.edits:
            for _ in range(self.blank):
                self.edits[-1].add(" ")
        self.blank = 0
        self.add_line(line)

    def add_line(self, line):
        if line.startswith("--- "):
            self.path = line[4:]
        elif line.startswith("@@ ") and self.path:
            self.edits.append(Edit(self.path, line[3:]))
        elif line[0] in " +-" and self.edits:
            self.edits[-1].add(line)
        elif line[0] == " " and self.key:
            self.head[self.key] += " " + line.strip()
        elif (m := re.fullmatch(r"(\w+): (.*)", line)) and m[1] in HEADS and not self.path:
            self.key = m[1]
            self.head[self.key] = m[2]
        else:
            raise Bad(f"what is this: {line}")

    def check(self):
        for key in () if self.head.get("Correct") else ("Bug", "Clause"):
            if not self.head.get(key):
                raise Bad(f"has no line \"{key}:\"")
        if not self.edits:
            raise Bad("changes nothing")
        for edit in self.edits:
            if not edit.old or edit.old == edit.new:
                raise Bad(f"the edit at \"{edit.start}\" has nothing to find or to change")

    def spec(self):
        """That of a system call or, if it says so, of another function."""
        return self.head.get("Function") or "sys_" + self.head.get("Spec", "munlockall")

    def apply(self, tree, out):
        """Returns the paths that it wrote."""
        changed = {}
        for edit in self.edits:
            lines = changed.get(edit.path)
            if lines is None:
                lines = (tree / edit.path).read_text().split("\n")
            changed[edit.path] = edit.apply(lines)
        for path in list(changed):
            self.add_includers(path, tree, changed)
        for path, lines in changed.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_text("\n".join(lines))
        return list(changed)

    @staticmethod
    def add_includers(path, tree, changed):
        """What is included, a header or a .c file, is looked for beside the file that
        includes it, so that one must be there, too."""
        included = pathlib.PurePath(path)
        for file in sorted((tree / included.parent).glob("*.c")):
            name = str(included.parent / file.name)
            text = file.read_text()
            if f'#include "{included.name}"' in text:
                changed.setdefault(name, text.split("\n"))


def read_all(directory):
    mutants, names = [], set()
    for file in sorted(directory.glob("[0-9]*.txt")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            try:
                if line.startswith("== "):
                    if line[3:] in names:
                        raise Bad(f"there are two {line[3:]}")
                    names.add(line[3:])
                    mutants.append(Mutant(line[3:]))
                elif mutants and not line.startswith("# "):
                    mutants[-1].add(line)
                elif line and not line.startswith("# "):
                    raise Bad(f"before the first mutant: {line}")
            except Bad as why:
                raise Bad(f"{file.name}, line {number}: {why}") from why
    return mutants


def main(verb, what, *rest):
    here = pathlib.Path(__file__).parent
    mutants = read_all(pathlib.Path(os.environ.get("KAPI_MUTANTS", here)))
    for m in mutants:
        try:
            m.check()
            if verb == "list" and re.search(what, m.name):
                print("\t".join([m.name] + [m.head.get(k) or "-" for k in HEADS[1:4]] +
                                [m.spec()]))
            elif verb == "apply" and what == m.name:
                tree, out = map(pathlib.Path, rest)
                print("\n".join(m.apply(tree, out)))
        except (Bad, OSError) as why:
            raise Bad(f"mutant {m.name}: {why}") from why


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Bad as error:
        sys.exit(f"kapi: error: {error}")
