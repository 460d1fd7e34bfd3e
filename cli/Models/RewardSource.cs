using Microsoft.ML;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>What says how good a continuation is: a rule of this tool, or a saved model. Owns the model.</summary>
internal sealed class RewardSource : IDisposable
{
    private const string Prompt = "Prompt", Completion = "Completion", Text = "Text";
    private readonly IDisposable? _model;

    private RewardSource(IReward reward, IDisposable? model = null) => (Reward, _model) = (reward, model);

    public IReward Reward { get; }

    /// <summary>Finds the reward.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="name">The name of a rule, or a model file.</param>
    /// <param name="text">How repetition is counted.</param>
    /// <exception cref="UserErrorException">There is no such file, or it is a model that does not score text.</exception>
    public static RewardSource Of(MLContext ml, string name, TextStatisticsOptions text) => name switch
    {
        "repetition" => new RewardSource(new DelegateReward((_, completion) => -TextStatistics.Of([completion], options: text).Repetition.Mean)),
        "length" => new RewardSource(new DelegateReward((_, completion) => completion.Length)),
        _ => Load(ml, name),
    };

    public void Dispose() => _model?.Dispose();

    private static RewardSource Load(MLContext ml, string path)
    {
        if (!Path.Exists(path))
            throw new UserErrorException($"--reward: there is no model file '{path}', and it is neither 'repetition' nor 'length'.");
        (ITransformer model, DataViewSchema inputs) = ModelFile.Load(ml, path);
        string NameOf(string role) => inputs.Select(c => c.Name).FirstOrDefault(name => string.Equals(name, role, StringComparison.OrdinalIgnoreCase)) ?? role;
        try
        {
            var reward = new TransformerReward(ml, model, promptColumnName: NameOf(Prompt), completionColumnName: NameOf(Completion), textColumnName: NameOf(Text));
            return new RewardSource(reward, model as IDisposable);
        }
        catch (ArgumentException e)
        {
            (model as IDisposable)?.Dispose();
            throw new UserErrorException($"--reward '{path}' is no model that reads {Prompt}, {Completion} or {Text}, and gives a Score of one number: {ExceptionMessage.Of(e)}");
        }
    }
}
