#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// From pairs of replies, of which one is preferred, to a score that ranks others: dotnet run samples/reward.cs [model.zip]

using Microsoft.ML;

string modelPath = args.ElementAtOrDefault(0) ?? "reward-sample.zip";
string[] kind =
[
    "Sorry about your {0}! I have looked into it and will write to you today.",
    "Thank you for asking. You can change your {0} on this page, and I am glad to help with it.",
    "I understand, and I have sent you a new {0}. Please tell me if anything is missing.",
    "Good question: your {0} is on its way, and here is how to follow it.",
];
string[] curt =
[
    "Your {0} is not my problem.",
    "Read the manual, it says all about the {0}.",
    "No idea. Ask somebody else about your {0}.",
    "You should have thought of the {0} before.",
];
Pair[] Pairs(params string[] topics) =>
    [.. topics.SelectMany(topic => kind.SelectMany(good => curt.Select(bad => new Pair(string.Format(null, good, topic), string.Format(null, bad, topic)))))];

Pair[] training = Pairs("parcel", "invoice", "password", "booking"), test = Pairs("refund", "ticket");
var ml = new MLContext(seed: 1);

// One featurizer, fitted on both sides together: the same slot must mean the same on both.
ITransformer featurizer = ml.Transforms.Text.FeaturizeText("Features", "Text")
    .Fit(ml.Data.LoadFromEnumerable(training.SelectMany(p => new[] { new Reply(p.Chosen), new Reply(p.Rejected) }).ToArray()));
IDataView Featurized(Pair[] pairs)
{
    IDataView view = ml.Data.LoadFromEnumerable(pairs);
    foreach (string side in new[] { "Chosen", "Rejected" })
    {
        view = featurizer.Transform(ml.Transforms.CopyColumns("Text", side).Fit(view).Transform(view));
        view = ml.Transforms.CopyColumns(side + "Features", "Features").Fit(view).Transform(view);
    }

    return ml.Transforms.SelectColumns("ChosenFeatures", "RejectedFeatures").Fit(view).Transform(view);
}

using var reward = ml.Preference.Trainers.RewardModel("ChosenFeatures", "RejectedFeatures").Fit(Featurized(training));
Scores[] scored = [.. ml.Data.CreateEnumerable<Scores>(reward.Transform(Featurized(test)), reuseRowObject: false)];
Console.WriteLine($"in the right order: {scored.Count(s => s.ChosenScore > s.RejectedScore)} of {scored.Length} pairs about other topics");

// Behind the featurizer the same model scores single replies, in any pipeline.
IDataView replies = ml.Data.LoadFromEnumerable(new[]
{
    new Reply("Ask somebody else."),
    new Reply("I am sorry! Please tell me more, and I will look into it today."),
    new Reply("Your luggage is on its way."),
});
ITransformer scorer = featurizer.Append(reward);
ml.Model.Save(scorer, replies.Schema, modelPath);
ITransformer loaded = ml.Model.Load(modelPath, out _);
using var owned = loaded as IDisposable;
foreach (Ranked reply in ml.Data.CreateEnumerable<Ranked>(loaded.Transform(replies), reuseRowObject: false).OrderByDescending(r => r.Score))
    Console.WriteLine($"{reply.Score,6:F2}  {reply.Text}");

internal sealed record Pair(string Chosen, string Rejected);

internal sealed record Reply(string Text);

internal sealed class Scores
{
    public float ChosenScore { get; set; }

    public float RejectedScore { get; set; }
}

internal sealed class Ranked
{
    public string Text { get; set; } = "";

    public float Score { get; set; }
}
