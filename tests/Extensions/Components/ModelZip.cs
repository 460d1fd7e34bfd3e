using System.IO.Compression;
using System.Text.Json.Nodes;

namespace MLNetExt.Tests.Components;

/// <summary>The entries of a model's zip, to be changed and packed again.</summary>
internal sealed class ModelZip
{
    public const string Header = "component.json";
    public const string Weights = "weights.safetensors";

    private ModelZip(List<(string Name, byte[] Content)> entries) => Entries = entries;

    public List<(string Name, byte[] Content)> Entries { get; }

    public static ModelZip Read(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return new([.. archive.Entries.Select(entry =>
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return (entry.FullName, content.ToArray());
        })]);
    }

    public byte[] ToBytes(CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in Entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    public ModelZip Clone() => new([.. Entries]);

    /// <summary>The place of the first entry of that file name, in whatever folder.</summary>
    public int IndexOf(string fileName) => Entries.FindIndex(e => e.Name.EndsWith(fileName, StringComparison.Ordinal));

    public ModelZip Replace(int index, byte[] content)
    {
        ModelZip zip = Clone();
        zip.Entries[index] = (zip.Entries[index].Name, content);
        return zip;
    }

    public ModelZip EditHeader(Action<JsonObject> edit)
    {
        int index = IndexOf(Header);
        JsonObject header = JsonNode.Parse(Entries[index].Content)!.AsObject();
        edit(header);
        return Replace(index, System.Text.Encoding.UTF8.GetBytes(header.ToJsonString()));
    }
}
