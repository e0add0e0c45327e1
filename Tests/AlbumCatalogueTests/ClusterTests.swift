import AlbumCatalogue
import FaceCore
import SystemPackage
import Testing

@Suite struct ClusterTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    private func row(
        _ photo: Int, left: Double = 0.1, cluster: Int? = nil,
        state: ClusteredFace.State = .found
    ) -> ClusteredFace {
        ClusteredFace(
            photo: Sample.hash(photo), box: FaceBox(left: left, top: 0.2, width: 0.3, height: 0.4),
            cluster: cluster.map(ClusterNumber.init(rawValue:)), state: state, version: 7)
    }

    @Test("Clusters are kept by photo and box, even if the photo is analysed again")
    func kept() throws {
        let source = try catalogue.fill(photos: 0..<3)
        #expect(try catalogue.clusteredFaces().isEmpty)
        let rows = [
            row(0, cluster: 1), row(1, left: 0.25), row(1, left: 0.5, cluster: 1, state: .added),
            row(2, cluster: 9, state: .past),
        ]
        try catalogue.replaceClusteredFaces(rows, last: 9)
        #expect(try Set(catalogue.clusteredFaces()) == Set(rows))
        try catalogue.record(Sample.photo(1), version: 2, file: Sample.file(1, in: source))
        #expect(try Set(catalogue.clusteredFaces()) == Set(rows))
        try catalogue.replaceClusteredFaces([rows[0]], last: 9)
        #expect(try catalogue.clusteredFaces() == [rows[0]])
        #expect(try catalogue.checkIntegrity() == [])
    }

    @Test("The last number never decreases, so none is given twice")
    func last() throws {
        #expect(try catalogue.lastClusterNumber() == 0)
        try catalogue.reserveClusterNumbers(upTo: 12)
        try catalogue.replaceClusteredFaces([], last: 3)
        #expect(try catalogue.lastClusterNumber() == 12)
        try catalogue.close()
        #expect(try folder.open().lastClusterNumber() == 12)
    }

    @Test("Clusters of an unknown photo are refused, and the old ones stay")
    func conflict() throws {
        _ = try catalogue.fill(photos: 0..<1)
        try catalogue.replaceClusteredFaces([row(0, cluster: 1)], last: 1)
        let refused = error {
            try catalogue.replaceClusteredFaces([row(0), row(5)], last: 2)
        }
        #expect(refused?.code == .conflict)
        #expect(try catalogue.clusteredFaces() == [row(0, cluster: 1)])
        #expect(try catalogue.lastClusterNumber() == 1)
    }

    @Test("A file in the folder of a cluster is recorded with its number")
    func placed() throws {
        let file = Sample.placed(
            "unknown/person-03/1.jpg", .cluster(ClusterNumber(rawValue: 3)), photo: 1)
        try catalogue.record(placed: [file])
        #expect(try catalogue.placedFiles() == [file])
    }
}
