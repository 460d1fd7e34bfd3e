using System.CommandLine;

namespace MLNetExt.Cli.Commands;

/// <summary><c>--image-folder</c>, as all commands that read images have it.</summary>
internal static class ImageFolderOption
{
    public static Option<string?> Create() =>
        new("--image-folder") { Description = "The folder that image files are relative to; that of the data file without it.", HelpName = "folder" };
}
