"""A form's rows and its focus."""

from game.view.lobby.form import Button, ChoiceField, Form, TextField


def test_a_text_field_keeps_printable_text_up_to_its_limit():
    field = TextField("name", "Ana", limit=5)
    field.type("\n\x07 María")
    assert field.text == "Ana M"
    field.erase()
    assert field.text == "Ana "
    field.clear()
    assert field.text == ""


def test_a_secret_is_shown_as_dots():
    assert TextField("password", "abc", is_secret=True).shown == "•••"


def test_a_choice_goes_round_and_starts_at_a_known_value():
    choice = ChoiceField("transport", [("tcp", "TCP"), ("udp", "UDP")], "udp")
    assert choice.shown == "UDP"
    choice.step(1)
    assert choice.value == "tcp"
    assert ChoiceField("transport", [("tcp", "TCP")], "gone").value == "tcp"


def test_the_focus_moves_in_a_column_and_between_columns():
    left, right = [Button("a", print), TextField("b")], [Button("c", print)]
    form = Form([left, right])
    form.move(-1)
    assert form.focused is left[1]
    form.sideways(1)
    assert form.focused is right[0]
    form.next(1)
    assert form.focused is left[0]
    form.next(-1)
    assert form.focused is right[0]


def test_sideways_changes_a_choice_and_does_not_leave_it():
    choice = ChoiceField("link", [("", "none"), ("wifi", "wifi")])
    form = Form([[choice], [Button("a", print)]])
    form.sideways(-1)
    assert (form.focused, choice.value) == (choice, "wifi")


def test_enter_confirms_a_text_or_moves_on():
    done = []
    confirmed, plain = TextField("a", on_enter=lambda: done.append(1)), TextField("b")
    form = Form([[confirmed, plain]])
    form.activate()
    assert done == [1]
    form.focus(plain)
    form.activate()
    assert form.focused is confirmed


def test_other_rows_keep_the_focus_on_the_row_that_stays():
    stays = Button("stays", print)
    form = Form([[Button("goes", print), stays]], row=1)
    form.replace_column(0, [stays], stays)
    assert form.focused is stays
    form.replace_column(0, [Button("new", print)], stays)
    assert form.row == 0
