"""Commands that work on files alone and need no database."""

import click


class OnFiles(click.Command):
    """A command that is run without looking for a database first."""


class OnFilesGroup(OnFiles, click.Group):
    """The same for a group of commands."""
