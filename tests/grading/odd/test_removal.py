import pytest

from quizlib.grading.removal import remove_tree

from .folders import nest


def test_a_file_a_link_and_nothing_are_removed_without_what_they_lead_to(tmp_path):
    (tmp_path / "file").write_text("1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "lost").symlink_to("nowhere")
    for name in ("file", "link", "lost", "nothing"):
        remove_tree(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(("name", "depth"), [("d", 3_000), ("d" * 250, 30)])
def test_folders_nested_beyond_stack_and_path_are_removed(tmp_path, name, depth):
    (tmp_path / "top").mkdir()
    nest(tmp_path / "top", name, depth)
    remove_tree(tmp_path / "top")
    assert not any(tmp_path.iterdir())
