// swift-tools-version: 6.2
import PackageDescription

// No target of a product has unsafeFlags: whoever depends on the library chooses how it is compiled,
// with -c release for dlib's image code (HOG: 13.6 s at -O0, 0.19 s optimised). Our own flags are in
// `Scripts/swift`.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
// Tests of what is optimised need not be so themselves, and are compiled in less than half the time.
let quicklyCompiled: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"])]

let package = Package(
    name: "facesort",
    platforms: [.macOS(.v15)],
    products: [
        // With the modules whose values AlbumKit's requests and answers hold.
        .library(name: "AlbumKit", targets: ["AlbumKit", "PhotoIndex", "FaceCore"]),
        .library(name: "AlbumWeb", targets: ["AlbumWeb"]),
        .executable(name: "facesort", targets: ["facesort"]),
    ],
    dependencies: [
        // Paths as the bytes they are; Foundation's URL and String damage names that are not UTF-8.
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        // SQLite with migrations and typed access, kept for ten years.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Commands, help, completions and man pages from one declaration.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The pages' web server; its traits would bring configuration files and all of Foundation.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // What Hummingbird's interface speaks of: header fields, sockets, a logger.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        // The pages' templates: text is escaped unless a template says otherwise.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        // Native code, each behind one C header and imported by exactly one Swift module.
        .target(
            name: "CFaceEngine", dependencies: ["CNetworkLayers"], path: "CModules/CFaceEngine",
            publicHeadersPath: "include",
            linkerSettings: [
                // dlib's own .pc file carries flags that SwiftPM refuses; so its libraries are named.
                .linkedLibrary("dlib"), .linkedLibrary("openblas"), .linkedLibrary("lapack"),
            ]),
        .target(
            name: "CImageNetwork", dependencies: ["CNetworkLayers"],
            path: "CModules/CImageNetwork", publicHeadersPath: "include"),
        // Layers on oneDNN, in C++ for the two above; no Swift module imports it.
        .target(
            name: "CNetworkLayers", path: "CModules/CNetworkLayers", publicHeadersPath: "include",
            // oneDNN has no .pc file on Debian.
            linkerSettings: [.linkedLibrary("dnnl")]),
        .target(
            name: "CImageCodecs",
            dependencies: ["CLibJPEG", "CLibPNG", "CLibHEIF"], path: "CModules/CImageCodecs",
            publicHeadersPath: "include",
            // libpng needs it anyway, and its headers come with libpng's.
            linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "CKeepClassifier", path: "CModules/CKeepClassifier",
            publicHeadersPath: "include",
            linkerSettings: [
                .linkedLibrary("dlib"), .linkedLibrary("openblas"), .linkedLibrary("lapack"),
            ]),
        .target(
            name: "CFileSystem", path: "CModules/CFileSystem", publicHeadersPath: "include"),
        .systemLibrary(
            name: "CLibJPEG", path: "CModules/CLibJPEG", pkgConfig: "libjpeg",
            providers: [.apt(["libjpeg62-turbo-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CLibPNG", path: "CModules/CLibPNG", pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CLibHEIF", path: "CModules/CLibHEIF", pkgConfig: "libheif",
            providers: [.apt(["libheif-dev"]), .brew(["libheif"])]),
        // SHA-256 with the CPU's instructions; swift-crypto would build all of BoringSSL for it.
        .systemLibrary(
            name: "CLibCrypto", path: "CModules/CLibCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        // ZIP files above 4 GB, written part by part; kept since 1999.
        .systemLibrary(
            name: "CLibZip", path: "CModules/CLibZip", pkgConfig: "libzip",
            providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),

        // The house, from the ground up. An arrow of DESIGN is a line here; there are no others.
        .target(name: "FaceCore", swiftSettings: strict),
        .target(
            name: "PhotoImaging",
            dependencies: [
                "FaceCore", "CImageCodecs",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "FaceAnalysis",
            dependencies: [
                "FaceCore", "PhotoImaging", "CFaceEngine",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        // What photos show, and which are worth keeping by a person's own choices.
        .target(
            name: "PhotoLearning",
            dependencies: [
                "FaceCore", "PhotoImaging", "CImageNetwork", "CKeepClassifier",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "AlbumCatalogue",
            dependencies: [
                "FaceCore", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        // What happens to files: knows no photo and no face.
        .target(
            name: "FileLedger",
            dependencies: [
                "FaceCore", "CFileSystem", "CLibCrypto", "CLibZip",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        // What is known of photos: moves none.
        .target(
            name: "PhotoIndex",
            dependencies: [
                "FaceCore", "PhotoImaging", "FaceAnalysis", "PhotoLearning", "AlbumCatalogue",
                "FileLedger", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "AlbumKit",
            dependencies: [
                "FaceCore", "PhotoImaging", "FaceAnalysis", "PhotoLearning", "AlbumCatalogue",
                "FileLedger", "PhotoIndex",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "AlbumWeb",
            dependencies: [
                "AlbumKit", "FaceCore", "PhotoIndex",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            // In the code, so that the program is one file that can be moved.
            resources: [.embedInCode("Templates"), .embedInCode("Assets")],
            swiftSettings: strict),
        .executableTarget(
            name: "facesort",
            dependencies: [
                "AlbumKit", "AlbumWeb", "FaceCore", "PhotoIndex",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Tests, and what only they and the benchmarks need.
        .target(
            name: "TestSupport",
            dependencies: [
                "FaceCore", "PhotoImaging", "CImageCodecs",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        .executableTarget(
            name: "sample-photos",
            dependencies: [
                "PhotoImaging", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/SamplePhotos", swiftSettings: strict),
        // Sees what is flushed to the disk, in the tests' process.
        .target(name: "CFlushes", path: "Tests/CFlushes", publicHeadersPath: "include"),
        .target(
            name: "CFaceReference", path: "Tests/CFaceReference", publicHeadersPath: "include"),
        .target(
            // What reads dlib's files is tested by itself, too.
            name: "CImageReference", dependencies: ["CNetworkLayers"],
            path: "Tests/CImageReference", publicHeadersPath: "include",
            linkerSettings: [
                .linkedLibrary("dlib"), .linkedLibrary("openblas"), .linkedLibrary("lapack"),
            ]),
        .target(
            name: "LabelTestSupport",
            dependencies: [
                "CImageReference", "PhotoLearning", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/LabelTestSupport", swiftSettings: strict),
        // Hostile state: some in `make test`, and 100,000 of each kind in `make fuzz`.
        .target(
            name: "StateFuzzing",
            dependencies: [
                "AlbumKit", "FileLedger", "PhotoIndex", "AlbumCatalogue", "FaceAnalysis",
                "FaceCore", "PhotoImaging",
                "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/StateFuzzing", swiftSettings: strict),
        .executableTarget(
            name: "fuzz-state", dependencies: ["StateFuzzing"], path: "Tests/FuzzState",
            swiftSettings: strict),
        .testTarget(
            name: "FaceCoreTests", dependencies: ["FaceCore", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "PhotoImagingTests", dependencies: ["PhotoImaging", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "FaceAnalysisTests",
            dependencies: [
                "FaceAnalysis", "PhotoImaging", "FaceCore", "CFaceEngine", "CFaceReference",
                "TestSupport", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PhotoLearningTests",
            dependencies: [
                "PhotoLearning", "PhotoImaging", "FaceCore", "CImageNetwork", "CKeepClassifier",
                "LabelTestSupport", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AlbumCatalogueTests",
            dependencies: [
                "AlbumCatalogue", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AlbumKitTests",
            dependencies: [
                "AlbumKit", "FileLedger", "PhotoIndex", "AlbumCatalogue", "CFlushes",
                "FaceAnalysis", "FaceCore",
                "PhotoImaging", "PhotoLearning", "LabelTestSupport", "StateFuzzing", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: quicklyCompiled),
        .testTarget(
            name: "AlbumWebTests",
            dependencies: [
                "AlbumWeb", "AlbumKit", "FileLedger", "PhotoIndex", "AlbumCatalogue", "FaceCore",
                "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: quicklyCompiled),
        .testTarget(
            name: "CommandLineTests", dependencies: ["TestSupport", "facesort"],
            exclude: ["Snapshots"], swiftSettings: quicklyCompiled),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "AlbumKit", "FileLedger", "PhotoIndex", "FaceCore", "TestSupport", "facesort",
                "sample-photos",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: quicklyCompiled),
    ],
    cxxLanguageStandard: .cxx17
)

// Figures are measured by `make bench` only: other builds need not compile what measures them.
if Context.environment["FACESORT_BENCHMARKS"] != nil {
    package.targets += [
        // The networks by themselves; see Tests/Benchmarks/networks.py.
        .executableTarget(
            name: "engine-benchmark", dependencies: ["CFaceEngine", "CImageCodecs"],
            path: "Tests/Benchmarks/Engine",
            // Without Swift code nobody asks for the mathematics library.
            linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("m")]),
        .executableTarget(
            name: "recognition-benchmark",
            dependencies: [
                "AlbumKit", "FileLedger", "PhotoIndex", "AlbumCatalogue", "FaceAnalysis",
                "FaceCore", "PhotoImaging",
                "PhotoLearning", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/Benchmarks/Recognition", swiftSettings: strict),
    ]
}
