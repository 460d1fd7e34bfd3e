using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>One file by its name, in which <see cref="MultiFileSource"/> would expand * and +.</summary>
internal sealed class FileRows(string path) : IMultiStreamSource
{
    public int Count => 1;

    public string GetPathOrNull(int index) => path;

    public Stream Open(int index) => File.OpenRead(path);

    public TextReader OpenTextReader(int index) => new StreamReader(path);
}
