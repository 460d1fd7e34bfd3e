using MLNetExt.Cli.Output;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class OptionNamesTests
{
    [TestMethod]
    [DataRow("lower LearningRate or SquareWeight if", "lower --learning-rate or --square-weight if")]
    [DataRow("another CheckpointFolder.", "another --checkpoints folder.")]
    [DataRow("column 'Seed' and '/tmp/Loss/Epochs' and SeedValue", "column 'Seed' and '/tmp/Loss/Epochs' and SeedValue")]
    public void Translate_KnowsOptionsAndLeavesTheRest(string message, string expected) => Assert.AreEqual(expected, OptionNames.Translate(message));
}
