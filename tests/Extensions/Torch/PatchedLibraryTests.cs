using MLNetExt.Torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class PatchedLibraryTests
{
    private static readonly byte[] s_image = [1, 2, 3, 4];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_finished_copy_is_used_again()
    {
        string copy = Store();
        var longAgo = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, longAgo);

        Assert.AreEqual(copy, Store());
        Assert.AreEqual(longAgo, File.GetLastWriteTimeUtc(copy));
    }

    [TestMethod]
    [DataRow(new byte[] { 1, 2, 3 })]
    [DataRow(new byte[] { 1, 2, 3, 5 })]
    public void A_damaged_copy_is_replaced(byte[] damaged)
    {
        File.WriteAllBytes(Store(), damaged);

        CollectionAssert.AreEqual(s_image, File.ReadAllBytes(Store()));
        Assert.HasCount(1, _folder.GetFiles("*", SearchOption.AllDirectories));
    }

    private string Store() => PatchedLibrary.Store(Path.Combine(_folder.FullName, "new", "folder"), "library.so", s_image);
}
