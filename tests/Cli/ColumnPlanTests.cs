using MLNetExt.Cli;
using MLNetExt.Cli.Data;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class ColumnPlanTests
{
    private static readonly string[] s_rows =
    [
        "label,number,gaps,category,text,empty",
        "a,1,0.5,red,a first longer sentence,",
        "b,-2.5e3,,blue,another that is different,",
        "a,3,NA,red,nothing repeats here,NA",
        "b,4,?,blue,the fourth of four,?",
    ];

    private static ColumnPlan Infer(Dictionary<string, ColumnRole>? roles = null, params string[] ignored)
    {
        using var place = new Workplace();
        TableFile file = TableFile.Open(place.Write("data.csv", s_rows));
        return ColumnPlan.Infer(file, TableProfile.Read(file, _ => true, CancellationToken.None), new HashSet<string>(["label", .. ignored]), roles ?? []);
    }

    [TestMethod]
    public void Roles_AreInferredFromEveryCell()
    {
        ColumnPlan plan = Infer();
        CollectionAssert.AreEqual(
            new FeatureColumn[]
            {
                new("number", ColumnRole.Number, false),
                new("gaps", ColumnRole.Number, true),
                new("category", ColumnRole.Category, false),
                new("text", ColumnRole.Text, false),
            },
            plan.Features.ToArray());
        CollectionAssert.AreEqual(new[] { "empty" }, plan.Empty.ToArray());
    }

    [TestMethod]
    public void User_DecidesOtherwise()
    {
        ColumnPlan plan = Infer(new() { ["category"] = ColumnRole.Text, ["number"] = ColumnRole.Category }, "gaps");
        CollectionAssert.AreEqual(
            new[] { ColumnRole.Category, ColumnRole.Text, ColumnRole.Text }, plan.Features.Select(f => f.Role).ToArray());
    }

    [TestMethod]
    public void TextCalledNumeric_IsRefusedWithItsLine()
    {
        var e = Assert.ThrowsExactly<UserErrorException>(() => Infer(new() { ["category"] = ColumnRole.Number }));
        StringAssert.Contains(e.Message, "--numeric category: line 2 has 'red'");
    }

    [TestMethod]
    public void NothingLeft_IsRefused()
    {
        var e = Assert.ThrowsExactly<UserErrorException>(() => Infer(null, "number", "gaps", "category", "text", "empty"));
        StringAssert.Contains(e.Message, "no column to learn from");
    }
}
