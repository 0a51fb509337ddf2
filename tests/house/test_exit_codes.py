"""Each branch of the error tree owns one exit code."""

from infdit_cli import errors
from infdit_cli.app import BUG, INTERRUPTED
from support.cli_reference import branches, error_classes

SIGHUP_CODE, SIGTERM_CODE = 129, 143


def test_every_error_class_has_an_exit_code_and_says_when():
    for each in error_classes():
        assert isinstance(each.exit_code, int)
        assert each.__doc__


def test_branches_have_codes_of_their_own():
    codes = [each.exit_code for each in branches()]
    assert len(set(codes)) == len(codes)
    assert set(codes).isdisjoint({0, BUG, INTERRUPTED, SIGHUP_CODE, SIGTERM_CODE})


def test_children_refine_the_message_and_never_the_code():
    for branch in branches():
        if branch is not errors.InfditError:
            assert {each.exit_code for each in error_classes() if issubclass(each, branch)} == {
                branch.exit_code
            }
