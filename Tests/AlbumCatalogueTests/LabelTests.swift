import AlbumCatalogue
import FaceCore
import GRDB
import TestSupport
import Testing

@Suite struct LabelTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    private func label(_ number: Int) throws -> PhotoLabel {
        var random = SplitMix64(seed: UInt64(number))
        return try #require(
            PhotoLabel(
                name: "thing \(number)", probability: 0.1 + Float(number) / 10,
                features: (0..<512).map { _ in Float.random(in: 0...4, using: &random) }))
    }

    private let network = Sample.hash(100)
    private let other = Sample.hash(101)

    @Test("Labels come back exactly, only for their version and network")
    func roundTrip() throws {
        _ = try catalogue.fill(photos: 0..<3)
        for number in 0..<3 {
            try catalogue.record(
                LabelAnalysis(
                    version: 1, network: network, label: number == 2 ? nil : label(number)),
                of: Sample.hash(number))
        }
        #expect(
            try catalogue.labels(version: 1, network: network) == [
                Sample.hash(0): label(0), Sample.hash(1): label(1),
            ])
        #expect(
            try catalogue.labelledPhotos(version: 1, network: network)
                == Set((0..<3).map(Sample.hash)))
        #expect(try catalogue.labels(version: 2, network: network).isEmpty)
        #expect(try catalogue.labels(version: 1, network: other).isEmpty)
        #expect(try catalogue.labelledPhotos(version: 1, network: other).isEmpty)
        try catalogue.record(
            LabelAnalysis(version: 1, network: other, label: label(7)), of: Sample.hash(0))
        #expect(try catalogue.labels(version: 1, network: other).count == 1)
        #expect(try catalogue.labels(version: 1, network: network).count == 1)
        #expect(try catalogue.checkIntegrity() == [])
    }

    @Test("A label stays when the photo's faces are found again; an unknown photo has none")
    func independent() throws {
        let source = try catalogue.fill(photos: 0..<1)
        let analysis = LabelAnalysis(version: 1, network: network, label: try label(0))
        try catalogue.record(analysis, of: Sample.hash(0))
        try catalogue.record(
            Sample.photo(0, faces: 1), version: 2, file: Sample.file(0, in: source))
        #expect(try catalogue.labels(version: 1, network: network).count == 1)
        #expect(error { try catalogue.record(analysis, of: Sample.hash(5)) }?.code == .conflict)
    }

    @Test("A label that makes no sense is damage, not a crash")
    func damage() throws {
        _ = try catalogue.fill(photos: 0..<1)
        try catalogue.record(
            LabelAnalysis(version: 1, network: network, label: label(0)), of: Sample.hash(0))
        try catalogue.close()
        let queue = try DatabaseQueue(path: folder.catalogue.string)
        try queue.write {
            // 512 times NaN.
            let features = String(repeating: "FF", count: 2048)
            try $0.execute(sql: "UPDATE labelAnalysis SET features = x'\(features)'")
        }
        try queue.close()
        let again = try folder.open()
        #expect(
            error { _ = try again.labels(version: 1, network: network) }?.code == .damaged)
    }

    @Test("A label has a name, a probability and 512 finite numbers", arguments: 0..<5)
    func refused(kind: Int) {
        var features = [Float](repeating: 1, count: 512)
        if kind == 0 { features.removeLast() }
        if kind == 1 { features[3] = .nan }
        if kind == 2 { features[511] = -1 }
        #expect(
            PhotoLabel(
                name: kind == 3 ? "" : "dog", probability: kind == 4 ? 1.5 : 0.5,
                features: features) == nil)
    }
}
