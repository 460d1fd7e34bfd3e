using System.CommandLine;
using MLNetExt.Cli.Data;
using MLNetExt.Preference;
using static MLNetExt.Cli.Commands.PreferenceMethod;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become those of a trainer of preferences; their defaults are its own.</summary>
internal sealed class PreferenceSettings
{
    private static readonly PairwiseCringeOptions s_cringe = new();
    private static readonly DirectPreferenceOptions s_direct = new();

    /// <summary>The losses as typed.</summary>
    private static readonly Dictionary<string, PreferenceMethod> s_methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pairwise-cringe"] = PairwiseCringe,
        ["binary-cringe"] = BinaryCringe,
        ["dpo"] = Dpo,
        ["robust-dpo"] = RobustDpo,
        ["ipo"] = Ipo,
        ["hinge"] = Hinge,
        ["cpo"] = Cpo,
        ["simpo"] = SimPo,
        ["orpo"] = Orpo,
        ["kto"] = Kto,
        ["unlikelihood"] = Unlikelihood,
        ["sft"] = Sft,
    };

    /// <summary>What <see cref="DirectPreferenceOptions"/> calls its losses.</summary>
    private static readonly Dictionary<PreferenceMethod, PreferenceLoss> s_losses = new()
    {
        [Dpo] = PreferenceLoss.Dpo,
        [RobustDpo] = PreferenceLoss.RobustDpo,
        [Ipo] = PreferenceLoss.Ipo,
        [Hinge] = PreferenceLoss.Hinge,
        [Cpo] = PreferenceLoss.Cpo,
        [SimPo] = PreferenceLoss.SimPo,
        [Orpo] = PreferenceLoss.Orpo,
        [Kto] = PreferenceLoss.Kto,
        [Unlikelihood] = PreferenceLoss.Unlikelihood,
        [Sft] = PreferenceLoss.ChosenOnly,
    };

    private static readonly PreferenceMethod[] s_ofSingleCompletions = [BinaryCringe, Kto, Unlikelihood, Sft];

    private readonly Option<PreferenceMethod> _method = CheckedOption.Choice("--method", "The loss to minimise.", PairwiseCringe, s_methods);
    private readonly Option<double> _offset = CheckedOption.Number("--offset", "The margin log p(chosen) - log p(rejected), in nats, at which the gate is half closed.", s_cringe.Offset, double.IsFinite, "that is finite");
    private readonly Option<double> _temperature = CheckedOption.Number("--temperature", "How softly the gate closes; 0 for a hard margin.", s_cringe.Temperature, IsNotNegative, "of at least 0");
    private readonly Option<bool> _autoGate = new("--auto-gate") { Description = "Choose offset and temperature by the margins at the start." };
    private readonly Option<double> _alpha = CheckedOption.Number("--alpha", "The weight of what is unlearned against what is learned; for cpo, of fine-tuning on the chosen.", s_cringe.Alpha, IsNotNegative, "of at least 0");
    private readonly Option<int> _candidates = CheckedOption.Integer("--candidates", "A rejected token is set against one of so many of the likeliest others.", s_cringe.Candidates, atLeast: 1);
    private readonly Option<double> _beta = CheckedOption.Number("--beta", "How strongly the model is held to the reference, or the weight of the comparison; for simpo 2 without it.", s_direct.Beta, CheckedOption.IsPositive, "above 0");
    private readonly Option<double> _gamma = CheckedOption.Number("--gamma", "By how much the chosen completion's reward is to be ahead, for simpo.", s_direct.Gamma, IsNotNegative, "of at least 0");
    private readonly Option<double> _labelSmoothing = CheckedOption.Number("--label-smoothing", "The share of pairs that may be labelled the wrong way round, for dpo and robust-dpo.", s_direct.LabelSmoothing, v => v is >= 0 and < 0.5, "in [0, 0.5)");
    private readonly Option<string?> _reference = new("--reference") { Description = "The reference model of dpo, robust-dpo, ipo, hinge and kto; without it the model as it is at the start.", HelpName = "model.zip|folder" };
    private readonly Option<int> _maxLength = CheckedOption.Integer("--max-length", "The most tokens of a prompt and its completion, of which the first are kept; 0 for the model's context.", s_cringe.MaxLength, atLeast: 0);
    private readonly Option<int> _maxPromptLength = CheckedOption.Integer("--max-prompt-length", "The most tokens of a prompt, of which the last are kept; 0 for no limit of its own.", s_cringe.MaxPromptLength, atLeast: 0);
    private readonly Option<bool> _noEnd = new("--no-end") { Description = "Completions are cut off in the midst: do not teach that the text ends behind them." };
    private readonly CommonSettings _common = new(s_cringe.Training, s_cringe.BatchSize, "Pairs, or single completions, per training batch.", s_cringe.ValidationFraction);

    /// <summary>Which methods read an option.</summary>
    private IEnumerable<(Option Option, PreferenceMethod[] Methods)> Readers =>
    [
        (_offset, [PairwiseCringe]),
        (_temperature, [PairwiseCringe]),
        (_autoGate, [PairwiseCringe]),
        (_alpha, [PairwiseCringe, BinaryCringe, Cpo]),
        (_candidates, [PairwiseCringe, BinaryCringe]),
        (_beta, [Dpo, RobustDpo, Ipo, Hinge, Cpo, SimPo, Orpo, Kto]),
        (_gamma, [SimPo]),
        (_labelSmoothing, [Dpo, RobustDpo]),
        (_reference, [Dpo, RobustDpo, Ipo, Hinge, Kto]),
    ];

    public void AddTo(Command command)
    {
        command.Add(_method);
        foreach ((Option option, _) in Readers)
            command.Add(option);
        foreach (Option option in new Option[] { _maxLength, _maxPromptLength, _noEnd })
            command.Add(option);
        _common.AddTo(command);
        command.Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_autoGate) && (Has(_offset) || Has(_temperature)))
                result.AddError("Use --auto-gate, or --offset and --temperature.");
        });
    }

    /// <summary>The method, as typed.</summary>
    public string Method(ParseResult parsed) => NameOf(parsed.GetValue(_method));

    /// <summary>The reference model; null for the model at the start.</summary>
    public string? Reference(ParseResult parsed) => parsed.GetValue(_reference);

    /// <exception cref="UserErrorException">The method does not read an option that was given, or does not take single completions.</exception>
    public PreferenceTrainerOptions Read(ParseResult parsed, PreferenceSource source)
    {
        PreferenceMethod method = parsed.GetValue(_method);
        if (Readers.FirstOrDefault(r => !r.Methods.Contains(method) && IsGiven(parsed, r.Option)) is { Option: { } idle, Methods: { } readers })
            throw new UserErrorException($"{idle.Name} is for {Names(readers)}: leave it out, or choose another --method than {NameOf(method)}.");
        if (!source.IsPaired && !s_ofSingleCompletions.Contains(method))
            throw new UserErrorException($"--completion: {NameOf(method)} compares pairs; use --chosen and --rejected, or --method {Names(s_ofSingleCompletions)}.");

        PreferenceTrainerOptions options = Objective(parsed, method, source);
        options.PromptColumnName = source.Prompt;
        if (source.Rejected is { } rejected)
            (options.ChosenColumnName, options.RejectedColumnName) = (source.Completion, rejected);
        options.MaxLength = parsed.GetValue(_maxLength);
        options.MaxPromptLength = parsed.GetValue(_maxPromptLength);
        options.AppendEnd = !parsed.GetValue(_noEnd);
        options.BatchSize = _common.BatchSize(parsed);
        options.ValidationFraction = _common.ValidationFraction(parsed);
        options.Seed = _common.Seed(parsed);
        _common.Apply(parsed, options.Training);
        return options;
    }

    private PreferenceTrainerOptions Objective(ParseResult parsed, PreferenceMethod method, PreferenceSource source)
    {
        string? single = source.IsPaired ? null : source.Completion;
        string label = source.Label ?? s_direct.LabelColumnName;
        return method switch
        {
            PairwiseCringe => new PairwiseCringeOptions
            {
                Offset = parsed.GetValue(_offset),
                Temperature = parsed.GetValue(_temperature),
                AutoGate = parsed.GetValue(_autoGate),
                Alpha = parsed.GetValue(_alpha),
                Candidates = parsed.GetValue(_candidates),
            },
            BinaryCringe => new BinaryCringeOptions
            {
                CompletionColumnName = single,
                LabelColumnName = label,
                Alpha = parsed.GetValue(_alpha),
                Candidates = parsed.GetValue(_candidates),
            },
            _ => new DirectPreferenceOptions
            {
                CompletionColumnName = single,
                LabelColumnName = label,
                Loss = s_losses[method],
                Beta = method == SimPo && !IsGiven(parsed, _beta) ? new Objectives.SimplePreference().Beta : parsed.GetValue(_beta),
                Alpha = parsed.GetValue(_alpha),
                Gamma = parsed.GetValue(_gamma),
                LabelSmoothing = parsed.GetValue(_labelSmoothing),
            },
        };
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static bool IsNotNegative(double value) => value >= 0 && double.IsFinite(value);

    private static string NameOf(PreferenceMethod method) => s_methods.First(m => m.Value == method).Key;

    private static string Names(IEnumerable<PreferenceMethod> methods) => string.Join(", ", methods.Select(NameOf));
}
