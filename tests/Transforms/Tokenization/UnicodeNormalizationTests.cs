using Microsoft.ML;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class UnicodeNormalizationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public async Task A_model_that_needs_unicodes_data_is_refused_where_there_is_none()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "le caf\u00E9" }]);
        await Loads(_ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text"), "StripAccents");
        await Loads(_ml.Transforms.Text.TokenizeBytePairs(new() { OutputColumnName = "Tokens", InputColumnName = "Text", NormalizeUnicode = true }), "NormalizeUnicode");
        await Loads(_ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", lowercase: false), refused: null);

        async Task Loads(IEstimator<ITransformer> estimator, string? refused)
        {
            using var folder = new TemporaryFolder();
            ITransformer model = estimator.Fit(data);
            _ml.Model.Save(model, data.Schema, folder.File("model.zip"));
            (model as IDisposable)?.Dispose();
            string program = Path.Combine(AppContext.BaseDirectory, "MLNetExt.ChildProcess.runtimeconfig.json"), without = folder.File("runtimeconfig.json");
            File.WriteAllText(without, File.ReadAllText(program).Replace("\"System.Globalization.Invariant\": false", "\"System.Globalization.Invariant\": true", StringComparison.Ordinal));

            Child.Outcome usual = await Child.RunAsync("load-model", [folder.File("model.zip")], runtimeConfig: program);
            Child.Outcome invariant = await Child.RunAsync("load-model", [folder.File("model.zip")], runtimeConfig: without);

            Assert.AreEqual(0, usual.ExitCode, usual.Error);
            if (refused is null)
            {
                Assert.AreEqual(0, invariant.ExitCode, invariant.Error);
                return;
            }

            Assert.AreNotEqual(0, invariant.ExitCode, "loaded");
            Assert.Contains($"The tokenizer has {refused}, and this process runs without Unicode's data", invariant.Error);
        }
    }
}
