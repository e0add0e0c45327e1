internal import PhotoImaging
internal import SystemPackage

/// How long the analysis is likely to take: a first guess for the overview, which the progress
/// bar replaces by what it sees.
package enum AnalysisCost {
    /// Seconds on one core to read a photo and encode two faces, whatever its size.
    private static let base = 0.07
    /// Seconds on one core to search a photo at 2400 pixels, at which most are searched.
    private static let search = 0.45
    /// Smaller pictures, in megapixels, are not enlarged that far.
    private static let fullSearch = 0.8
    /// Seconds on one core to decode a megapixel and to look into parts of it again.
    private static let perMegapixel = 0.045
    /// How many photos are looked into: enough for a mixed folder, quick on a slow card.
    private static let sampleCount = 8

    /// Seconds on one core to recognise that a file holds a known photo.
    private static let recognition = 0.005

    /// - Returns: seconds, for all candidates on `jobs` workers; `nil` when there are none.
    package static func seconds(for inventory: PhotoInventory, jobs: Int) -> Double? {
        guard !inventory.candidates.isEmpty else { return nil }
        let known = Double(inventory.candidates.count - inventory.likelyNew.count)
        return (searching(inventory.likelyNew) + known * recognition) / Double(jobs)
    }

    private static func searching(_ candidates: [PhotoInventory.Candidate]) -> Double {
        guard !candidates.isEmpty else { return 0 }
        let step = max(1, candidates.count / sampleCount)
        let sample = stride(from: 0, to: candidates.count, by: step).map { candidates[$0] }
        let costs = sample.map { candidate in
            guard candidate.stamp.byteCount < 50_000_000,
                let photo = try? PhotoSource(path: candidate.base.pushing(candidate.path))
            else { return base }
            let megapixels = Double(photo.uprightWidth) * Double(photo.uprightHeight) / 1e6
            return base + search * min(1, megapixels / fullSearch) + perMegapixel * megapixels
        }
        return costs.reduce(0, +) / Double(costs.count) * Double(candidates.count)
    }
}
