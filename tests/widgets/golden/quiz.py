"""The score of a quiz."""

from nncourse.widgets import Quiz


def compute():
    def choice(correct):
        return {"text": "a choice", "correct": correct, "explanation": "because"}

    rights = (0, 2, 1)
    questions = [{"prompt": "?", "choices": [choice(i == right) for i in range(3)]} for right in rights]
    picks = ([-1, -1, -1], [0, 2, 1], [0, 1, -1], [1, 2, 2], [-1, -1, 1])
    return {
        "questions": questions,
        "scores": [{"picked": picked, "score": int(Quiz(questions, picked=picked).score)} for picked in picks],
    }
