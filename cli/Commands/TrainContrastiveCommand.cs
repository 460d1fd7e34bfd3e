using System.CommandLine;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train contrastive</c>.</summary>
internal sealed class TrainContrastiveCommand : TrainerCommand
{
    private readonly SideOptions _left = new("left");
    private readonly SideOptions _right = new("right");
    private readonly Option<string?> _imageFolder = ImageFolderOption.Create();
    private readonly Option<int> _imageSize = CheckedOption.Integer("--image-size", "The height and width that images are brought to, in pixels.", 64, atLeast: 4);
    private readonly Option<int> _vocabulary = CheckedOption.Integer("--vocabulary", "How many different tokens text is cut into, at most.", 4096, atLeast: 261);
    private readonly TestPartOptions _test = new("A column that says 'test' for test rows and 'valid' for rows that choose the best epoch; all others are for training.");
    private readonly ContrastiveSettings _settings = new();

    public TrainContrastiveCommand(Terminal terminal)
        : base(
            terminal,
            "contrastive",
            "Train two towers whose embeddings of the two sides of a row are alike, with the sigmoid loss (arXiv 2303.15343).",
            "Write the result as JSON; recalls are fractions.")
    {
        _left.AddTo(this);
        _right.AddTo(this);
        foreach (Option option in new Option[] { _imageFolder, _imageSize, _vocabulary })
            Add(option);
        _test.AddTo(this);
        _settings.AddTo(this);
        AddRunOptions();
    }

    protected override TrainingJob CreateJob(ParseResult parsed, RunRequest run)
    {
        int imageSize = parsed.GetValue(_imageSize);
        var request = new PairDataRequest(
            run.Data, _left.Read(parsed), _right.Read(parsed), _test.Read(parsed), ImagePaths.Folder(parsed.GetValue(_imageFolder), run.Data));
        SigmoidContrastiveOptions options = _settings.Read(parsed, imageSize);
        _left.Apply(parsed, options.Left);
        _right.Apply(parsed, options.Right);
        return new ContrastiveJob(run, request, options, imageSize, parsed.GetValue(_vocabulary));
    }
}
