using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

[TestClass]
public sealed class LearningRateScheduleTests
{
    [TestMethod]
    public void Warm_up_and_cosine_have_the_values_worked_out_by_hand()
    {
        // 100 steps: 20 of warm-up to 0.4, then 80 of cosine down to a floor of 0.04.
        var schedule = new LearningRateSchedule(
            new TrainingOptions { LearningRate = 0.4, WarmupFraction = 0.2, FinalLearningRateFraction = 0.1 }, 100);
        Assert.AreEqual(0.02, schedule.Rate(0), 1e-12);
        Assert.AreEqual(0.2, schedule.Rate(9), 1e-12);
        Assert.AreEqual(0.4, schedule.Rate(19), 1e-12);
        Assert.AreEqual(0.4, schedule.Rate(20), 1e-12);
        Assert.AreEqual(0.04 + 0.36 * 0.5 * (1 + Math.Sqrt(0.5)), schedule.Rate(40), 1e-12);
        Assert.AreEqual(0.22, schedule.Rate(60), 1e-12);
        Assert.AreEqual(0.04, schedule.Rate(100), 1e-12);
    }

    [TestMethod]
    public void Warm_up_steps_win_over_the_fraction()
    {
        var schedule = new LearningRateSchedule(new TrainingOptions { LearningRate = 1, WarmupFraction = 0.5, WarmupSteps = 4 }, 100);
        Assert.AreEqual(0.25, schedule.Rate(0), 1e-12);
        Assert.AreEqual(1, schedule.Rate(3), 1e-12);
        Assert.AreEqual(1, schedule.Rate(4), 1e-12);
        Assert.IsLessThan(1, schedule.Rate(5));
    }

    [TestMethod]
    public void A_floor_of_one_keeps_the_rate()
    {
        var schedule = new LearningRateSchedule(
            new TrainingOptions { LearningRate = 0.3, WarmupFraction = 0, FinalLearningRateFraction = 1 }, 10);
        for (int step = 0; step < 10; step++)
        {
            Assert.AreEqual(0.3, schedule.Rate(step), 1e-12);
        }
    }

    [TestMethod]
    public void More_warm_up_than_steps_only_rises()
    {
        var schedule = new LearningRateSchedule(new TrainingOptions { LearningRate = 1, WarmupSteps = 1000 }, 4);
        Assert.AreEqual(0.25, schedule.Rate(0), 1e-12);
        Assert.AreEqual(1, schedule.Rate(3), 1e-12);
    }
}
