namespace MLNetExt.Benchmarks;

/// <summary>The licence texts: some whole ones are held out, because versions of one licence repeat each other.</summary>
internal static class LicenceText
{
    private const string FirstBackground = "Copyright (c) The Regents of the University of California.";
    private const string FirstAfterBackground = "                          MOZILLA PUBLIC LICENSE";

    /// <summary>BSD, CC0, and the licences of the Free Software Foundation, to learn from; and Apache, Artistic and both Mozilla licences.</summary>
    public static (string Background, string HeldOut) Read()
    {
        string text = File.ReadAllText(Repository.Sample("licences.txt"));
        int begin = text.IndexOf(FirstBackground, StringComparison.Ordinal), end = text.IndexOf(FirstAfterBackground, StringComparison.Ordinal);
        return (text[begin..end], text[..begin] + text[end..]);
    }
}
