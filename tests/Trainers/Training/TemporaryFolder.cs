namespace MLNetExt.Tests.Training;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

    public string[] Checkpoints => Directory.Exists(Path)
        ? [.. Directory.EnumerateDirectories(Path).Select(d => System.IO.Path.GetFileName(d)!).Order(StringComparer.Ordinal)]
        : [];

    public string File(string checkpoint, string file) => System.IO.Path.Combine(Path, checkpoint, file);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
