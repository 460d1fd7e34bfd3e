using MLNetExt.Evaluation;
using static MLNetExt.Evaluation.PreferenceVerdict;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class JudgeAnswerTests
{
    [TestMethod]
    // Marked: the last mark counts.
    [DataRow("[[A]]", First)]
    [DataRow("A is rude, B is not.\n\n[[B]]", Second)]
    [DataRow("Not [[A]], as it seemed at first, but [[ b ]].", Second)]
    [DataRow("Both are good. [[tie]]", Tie)]
    [DataRow("[[C]]", Tie)]
    [DataRow("<think>[[A]] seems right. No.</think>[[B]]", Second)]
    [DataRow("<think>Verdict: A", Unreadable)]
    // A letter alone.
    [DataRow("A", First)]
    [DataRow(" b.\n", Second)]
    [DataRow("**B**", Second)]
    [DataRow("(A)", First)]
    [DataRow("Tie", Tie)]
    [DataRow("Response B", Second)]
    [DataRow("neither", Tie)]
    [DataRow("A\n\nIt is more polite than B.", First)]
    [DataRow("A. It is more polite than B.", First)]
    [DataRow("B, because it answers the question.", Second)]
    [DataRow("The second one is kinder.\n\nB", Second)]
    // Stated.
    [DataRow("Answer: B", Second)]
    [DataRow("**Verdict:** A", First)]
    [DataRow("**Verdict**: **A**", First)]
    [DataRow("A: rude.\nB: polite.\nFinal answer: B", Second)]
    [DataRow("The answer is A, because B is rude.", First)]
    [DataRow("The better response is response B.", Second)]
    [DataRow("The winner is a tie.", Tie)]
    [DataRow("Winner: neither", Tie)]
    [DataRow("""{"winner": "B"}""", Second)]
    [DataRow("""{"reason": "A is rude", "answer": "B"}""", Second)]
    [DataRow("Verdict: A\nOn reflection, verdict: B", Second)]
    // Preferred.
    [DataRow("Response A is better than response B.", First)]
    [DataRow("Answer A is clearly better than answer B.", First)]
    [DataRow("I think that B is slightly better.", Second)]
    [DataRow("B wins.", Second)]
    [DataRow("I prefer response A over B.", First)]
    [DataRow("It's a tie.", Tie)]
    [DataRow("I would choose B.", Second)]
    // Not understood: an article, two labels, nothing.
    [DataRow("", Unreadable)]
    [DataRow("A good question. I cannot say.", Unreadable)]
    [DataRow("Answer: A better question would help.", Unreadable)]
    [DataRow("A is better in tone, but B is better in substance.", Unreadable)]
    [DataRow("A: rude.\nB: polite.", Unreadable)]
    [DataRow("A. Rude.\nB. Polite.", Unreadable)]
    [DataRow("A\n\nB", Unreadable)]
    [DataRow("I do not think that A is better.", Unreadable)]
    [DataRow("I don't think response A is better.", Unreadable)]
    [DataRow("I don’t believe A is better.", Unreadable)]
    [DataRow("It depends on whether B is better.", Unreadable)]
    [DataRow("I'm sorry, but I can't help with that.", Unreadable)]
    [DataRow("Banana", Unreadable)]
    public void Answer_IsRead_AndNeverGuessed(string answer, PreferenceVerdict expected) => Assert.AreEqual(expected, JudgeAnswer.Read(answer));
}
