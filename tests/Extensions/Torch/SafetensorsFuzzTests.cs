using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

/// <summary>A damaged file is either read correctly or refused with <see cref="InvalidDataException"/>: nothing else.</summary>
[TestClass]
public sealed class SafetensorsFuzzTests
{
    private const int Mutations = 10_000;

    [TestMethod]
    public void A_mutated_file_is_read_correctly_or_refused()
    {
        var random = new Random(20260);
        byte[][] seeds = ValidFiles();
        int read = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = Mutate(seeds, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool isValid = Reads(() => SafetensorsBytes.FromStream(file), file);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.IsLessThan(100_000 + (20 * file.Length), allocated, $"mutation {i}");
            Assert.AreEqual(isValid, ReadsFromFile(file), $"mutation {i}: the two ways of reading disagree");
            read += isValid ? 1 : 0;
        }

        // Both outcomes were met.
        Assert.IsInRange(Mutations / 100, Mutations * 99 / 100, read);
    }

    /// <summary>Reads every tensor and compares it with the bytes of the file that its entry names.</summary>
    private static bool Reads(Func<SafetensorsReader> open, byte[] file)
    {
        try
        {
            using var reader = open();
            long data = 8 + BitConverter.ToInt64(file);
            Assert.AreEqual(file.Length - data, reader.Entries.Sum(e => e.Length));
            foreach (var entry in reader.Entries)
            {
                using var tensor = reader.Read(entry.Name);
                Assert.AreEqual(entry.Length, tensor.numel() * tensor.ElementSize);
                Assert.IsTrue(tensor.bytes.SequenceEqual(file.AsSpan((int)(data + entry.Begin), (int)entry.Length)));
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool ReadsFromFile(byte[] file)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, file);
        try
        {
            return Reads(() => SafetensorsReader.FromFile(path), file);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Mutate(byte[][] seeds, Random random)
    {
        byte[] file = [.. seeds[random.Next(seeds.Length)]];
        for (int change = random.Next(1, 4); change > 0 && file.Length > 0; change--)
        {
            // Half of all changes hit the header's beginning, where most rules are.
            int at = random.Next(random.Next(2) == 0 ? file.Length : Math.Min(file.Length, 150));
            int length = Math.Min(random.Next(1, 20), file.Length - at);
            byte[] other = seeds[random.Next(seeds.Length)];
            int from = random.Next(other.Length - 20);
            switch (random.Next(7))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    file[at] = (byte)"0123456789-.e\"[]{},:"[random.Next(20)];
                    break;
                case 3:
                    file = file[..at];
                    break;
                case 4:
                    file = [.. file[..at], .. file[(at + length)..]];
                    break;
                case 5:
                    file = [.. file[..at], .. other[from..(from + length)], .. file[at..]];
                    break;
                default:
                    other[from..(from + length)].CopyTo(file, at);
                    break;
            }
        }

        return file;
    }

    private static byte[][] ValidFiles()
    {
        using var scope = NewDisposeScope();
        var network = new (string, Tensor)[] { ("0.weight", ones(5, 3)), ("0.bias", zeros(5)), ("mean", ones(3, ScalarType.Float64)) };
        var mixed = new (string, Tensor)[]
        {
            ("flags", ones(7, ScalarType.Bool)), ("ids", arange(4, ScalarType.Int64)), ("empty", zeros(0, 4)),
            ("scalar", tensor(1f)), ("half", ones(3, ScalarType.BFloat16)), ("ünïcode", ones(2, ScalarType.Int16)),
        };
        return
        [
            SafetensorsBytes.Written(network),
            SafetensorsBytes.Written(mixed, new Dictionary<string, string> { ["format"] = "pt", ["version"] = "1" }),
            SafetensorsBytes.Written([("x", ones(1, ScalarType.Byte))]),
            SafetensorsBytes.Written(Enumerable.Range(0, 30).Select(i => ($"layer.{i}.weight", ones(2, i)))),
        ];
    }
}
