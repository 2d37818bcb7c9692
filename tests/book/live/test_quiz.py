class TestQuiz:
    @staticmethod
    def places(question):
        """The number of a wrong choice, and of the right one."""
        right = [choice["correct"] for choice in question["choices"]].index(True)
        return (0 if right else 1), right

    def test_a_choice_by_mouse_is_explained_and_counted(self, widget):
        questions = widget.state["questions"]
        assert widget.says.startswith(f"0 of {len(questions)} right")
        for number, question in enumerate(questions):
            field = widget.find("fieldset").nth(number)
            for place, verdict in zip(self.places(question), ["wrong", "right"], strict=True):
                answer = field.locator(".nn-answer").nth(place)
                answer.click()
                assert answer.get_attribute("data-verdict") == verdict
                assert question["choices"][place]["explanation"] in field.locator(".nn-comment").text_content()
                assert widget.says.startswith(f"{number + (verdict == 'right')} of {len(questions)} right")
        assert "not answered" not in widget.says

    def test_a_choice_by_keyboard_is_explained(self, widget):
        field = widget.find("fieldset").first
        choices = widget.state["questions"][0]["choices"]
        widget.keys(field.locator("input").first, "Space")
        assert choices[0]["explanation"] in field.locator(".nn-comment").text_content()
        widget.keyboard.press("ArrowDown")
        assert choices[1]["explanation"] in field.locator(".nn-comment").text_content()
        assert field.locator("input").nth(1).is_checked()
