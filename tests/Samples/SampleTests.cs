using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests;

[TestClass]
[TestCategory("Sample")]
public sealed class SampleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private const int Clients = 4;
    private const int RequestsPerClient = 200;

    [TestMethod]
    public void Every_sample_is_run_by_a_test() => CollectionAssert.AreEquivalent(
        new[] { "encoder.cs", "goldfish.cs", "letter.cs", "openclipart.cs", "preference.cs", "reward.cs", "serve.cs", "text-classifier.cs" },
        Directory.GetFiles(Path.Combine(SampleProgram.Root, "samples"), "*.cs").Select(Path.GetFileName).ToArray());

    [TestMethod]
    public async Task Letter_trains_and_serve_answers_four_clients_as_the_model_does()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetext-").FullName;
        try
        {
            string model = Path.Combine(folder, "letter.zip");
            await Train(model);
            await Serve(model);
            await ServeRefusesAnotherModel(Path.Combine(folder, "other.zip"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Openclipart_trains_measures_and_draws_a_contact_sheet()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetext-").FullName;
        try
        {
            string sheet = Path.Combine(folder, "sheet.png");
            using SampleProgram openclipart = SampleProgram.Start("openclipart.cs", sheet, "1");
            Assert.AreEqual(0, await openclipart.WaitAsync(Limit), openclipart.Output);
            StringAssert.Contains(openclipart.Output, "test recall@1 ");
            StringAssert.Contains(openclipart.Output, "zero-shot category accuracy ");
            using var image = MLImage.CreateFromFile(sheet);
            Assert.IsGreaterThan(1000, image.Width);
            Assert.IsGreaterThan(1000, image.Height);
            Assert.IsGreaterThan(1_000, image.Pixels.ToArray().Chunk(4).Select(p => BitConverter.ToInt32(p)).Distinct().Count(), "eight rows of coloured pictures");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Goldfish_audits_two_models_side_by_side()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetext-").FullName;
        try
        {
            using SampleProgram goldfish = SampleProgram.Start("goldfish.cs", folder, "1");
            Assert.AreEqual(0, await goldfish.WaitAsync(Limit), goldfish.Output);
            StringAssert.Matches(goldfish.Output, new Regex("secrets recited: plain [0-8] of 8, goldfish [0-8] of 8"));
            StringAssert.Contains(File.ReadAllText(Path.Combine(folder, "report.md")), "| plain | goldfish |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Encoder_fills_gaps_and_finds_what_is_near()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetext-").FullName;
        try
        {
            string model = Path.Combine(folder, "encoder.zip");
            using SampleProgram encoder = SampleProgram.Start("encoder.cs", model);
            Assert.AreEqual(0, await encoder.WaitAsync(Limit), encoder.Output);
            Assert.IsTrue(File.Exists(model), encoder.Output);
            StringAssert.Matches(encoder.Output, new Regex(@"GNU General Public \[MASK\]\.\n  license \d+ ?%"));
            Assert.HasCount(2, Regex.Matches(encoder.Output, "^nearest to: ", RegexOptions.Multiline));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Text_classifier_learns_categories_and_saves_what_it_learned()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetext-").FullName;
        try
        {
            string model = Path.Combine(folder, "classifier.zip");
            using SampleProgram classifier = SampleProgram.Start("text-classifier.cs", model, "8");
            Assert.AreEqual(0, await classifier.WaitAsync(Limit), classifier.Output);
            Assert.IsTrue(File.Exists(model), classifier.Output);
            double Share(string name) => double.Parse(Regex.Match(classifier.Output, $@"^{name}: (\d+\.\d) ?%", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.IsGreaterThan(Share("always the most frequent category") + 20, Share("encoder"), classifier.Output);
            Assert.IsGreaterThan(80, Share("words and letters, linear"), classifier.Output);
            StringAssert.Matches(classifier.Output, new Regex(@"^tunisia\. .*: signs_and_symbols \d+ ?%", RegexOptions.Multiline));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Reward_ranks_replies_that_it_has_not_seen()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetext-").FullName;
        try
        {
            using SampleProgram reward = SampleProgram.Start("reward.cs", Path.Combine(folder, "reward.zip"));
            Assert.AreEqual(0, await reward.WaitAsync(Limit), reward.Output);
            Match order = Regex.Match(reward.Output, "in the right order: ([0-9]+) of 32 pairs");
            Assert.IsTrue(order.Success, reward.Output);
            Assert.IsGreaterThanOrEqualTo(30, int.Parse(order.Groups[1].Value, CultureInfo.InvariantCulture));
            Assert.IsLessThan(reward.Output.IndexOf("Ask somebody else.", StringComparison.Ordinal), reward.Output.IndexOf("I am sorry!", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public async Task Preference_makes_a_model_repeat_itself_less()
    {
        using SampleProgram preference = SampleProgram.Start("preference.cs");
        Assert.AreEqual(0, await preference.WaitAsync(Limit), preference.Output);
        Match repetition = Regex.Match(preference.Output, @"rep@8 of 200 continuations: (\d+\.\d) ?% before, (\d+\.\d) ?% after");
        Assert.IsTrue(repetition.Success, preference.Output);
        double Share(int group) => double.Parse(repetition.Groups[group].Value, CultureInfo.InvariantCulture);
        Assert.IsGreaterThan(5, Share(1), "a small model that always takes the likeliest character goes round in circles");
        Assert.IsLessThan(0.5 * Share(1), Share(2), preference.Output);
        Assert.HasCount(3, Regex.Matches(preference.Output, "^after: ", RegexOptions.Multiline));
    }

    private static async Task Train(string model)
    {
        using SampleProgram letter = SampleProgram.Start("letter.cs", model, "2");
        Assert.AreEqual(0, await letter.WaitAsync(Limit), letter.Output);
        StringAssert.Contains(letter.Output, "accuracy ");
        Assert.IsTrue(File.Exists(model), letter.Output);
    }

    private static async Task Serve(string model)
    {
        Letter[] letters = ReadTestLetters();
        (string Letter, float Probability)[] expected = Predict(model, letters);

        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using SampleProgram server = SampleProgram.Start("serve.cs", model, "--urls", address.OriginalString);
        using var client = new HttpClient { BaseAddress = address };
        await WaitUntilHealthy(client, server);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async c =>
        {
            for (int i = 0; i < RequestsPerClient; i++)
            {
                int row = (c * RequestsPerClient + i) % letters.Length;
                HttpResponseMessage response = await client.PostAsJsonAsync(new Uri("predict", UriKind.Relative), new { features = letters[row].Features });
                Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, server.Output);
                JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                Assert.AreEqual(expected[row].Letter, answer.GetProperty("letter").GetString());
                Assert.AreEqual(expected[row].Probability, answer.GetProperty("probability").GetSingle(), 1e-6f);
            }
        }));

        HttpResponseMessage bad = await client.PostAsJsonAsync(new Uri("predict", UriKind.Relative), new { features = new[] { 1f, 2f } });
        Assert.AreEqual(HttpStatusCode.BadRequest, bad.StatusCode);
        StringAssert.Contains(await bad.Content.ReadAsStringAsync(), "16");
    }

    private static async Task ServeRefusesAnotherModel(string model)
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { new Box { Width = 1 }, new Box { Width = 2 } });
        ml.Model.Save(ml.Transforms.NormalizeMinMax("Width").Fit(rows), rows.Schema, model);

        using SampleProgram server = SampleProgram.Start("serve.cs", model, "--urls", $"http://127.0.0.1:{FreePort()}");
        Assert.AreEqual(2, await server.WaitAsync(Limit), server.Output);
        StringAssert.Contains(server.Output, "'Width'");
        StringAssert.Contains(server.Output, "samples/letter.cs");
    }

    private static (string Letter, float Probability)[] Predict(string modelPath, Letter[] letters)
    {
        var ml = new MLContext(seed: 1);
        ITransformer model = ml.Model.Load(modelPath, out _);
        var predictions = ml.Data.CreateEnumerable<Prediction>(model.Transform(ml.Data.LoadFromEnumerable(letters)), reuseRowObject: false);
        var expected = predictions.Select(p => (p.PredictedLetter, p.Score.Max())).ToArray();
        ((IDisposable)model).Dispose();
        return expected;
    }

    private static Letter[] ReadTestLetters() =>
        [.. File.ReadLines(Path.Combine(SampleProgram.Root, "samples", "data", "letter.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Where(cells => cells[1] == "test")
            .Take(Clients * RequestsPerClient)
            .Select(cells => new Letter { Label = cells[0], Features = [.. cells.Skip(2).Select(float.Parse)] })];

    private static async Task WaitUntilHealthy(HttpClient client, SampleProgram server)
    {
        for (DateTime end = DateTime.UtcNow + Limit; ; await Task.Delay(500))
        {
            try
            {
                if (await client.GetStringAsync(new Uri("health", UriKind.Relative)) == "ok")
                    return;
            }
            catch (HttpRequestException) when (!server.HasExited && DateTime.UtcNow < end)
            {
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Box
    {
        public float Width { get; set; }
    }

    private sealed class Letter
    {
        public string Label { get; set; } = "";

        [VectorType(16)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public string PredictedLetter { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
