import PhotoImaging
import TestSupport
import Testing

@Suite struct JPEGTests {
    @Test("A grey JPEG becomes grey pixels")
    func grey() throws {
        let picture = try PixelBuffer(width: 32, height: 16, red: 120, green: 120, blue: 120)
        var options = JPEGOptions()
        options.colour = .grey
        let photo = try PhotoSource(bytes: picture.jpegData(options))
        let pixels = try photo.pixels()
        let difference = Pictures.largestDifference(pixels, picture)
        #expect(difference <= 2)
    }

    @Test("A CMYK JPEG from Adobe is not shown as a negative", arguments: [false, true])
    func cmyk(isProgressive: Bool) throws {
        let picture = try Pictures.patches(width: 48, height: 32)
        var options = JPEGOptions()
        (options.colour, options.quality) = (.cmyk, 100)
        options.isProgressive = isProgressive
        let bytes = try picture.jpegData(options)
        let pixels = try PhotoSource(bytes: bytes).pixels()
        let difference = Pictures.largestDifference(pixels, picture)
        #expect(difference <= 3)

        // Browsers and Pillow read the numbers the same without the marker (issue 15).
        let marker = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xEE]) })
        let length = Int(bytes[marker + 2]) << 8 | Int(bytes[marker + 3])
        let plain = Array(bytes[..<marker] + bytes[(marker + 2 + length)...])
        let unmarked = try PhotoSource(bytes: plain).pixels()
        let unmarkedDifference = Pictures.largestDifference(unmarked, pixels)
        #expect(unmarkedDifference == 0)
    }

    /// The colour that Pillow 13 and Chromium show for one colour stored as CMYK, by the kind in
    /// Adobe's marker: 0 CMYK, else YCCK.
    static let cmykColours: [(UInt8, [Int])] = [
        (0, [200, 100, 50]), (1, [164, 0, 105]), (2, [164, 0, 105]), (9, [164, 0, 105]),
    ]

    @Test(
        "CMYK and YCCK have the colours of browsers at every size",
        arguments: cmykColours, [false, true])
    func inkAtEverySize(_ colour: (transform: UInt8, expected: [Int]), isProgressive: Bool) throws {
        let picture = try PixelBuffer(width: 96, height: 64, red: 200, green: 100, blue: 50)
        var options = JPEGOptions()
        (options.colour, options.quality) = (.cmyk, 100)
        options.isProgressive = isProgressive
        var bytes = try picture.jpegData(options)
        let marker = try #require(bytes.indices.first { bytes[$0...].starts(with: "Adobe".utf8) })
        bytes[marker + 11] = colour.transform
        for side in [nil, 96, 50, 48, 24, 12, 7, 1] {
            let pixels = try PhotoSource(bytes: bytes).pixels(maximumSide: side)
            let pixel = pixels[pixels.width / 2, pixels.height / 2]
            for (channel, expected) in zip([pixel.red, pixel.green, pixel.blue], colour.expected) {
                // Two roundings, of the colours and of the black.
                #expect(abs(Int(channel) - expected) <= 2)
            }
        }
    }

    @Test("A progressive JPEG gives the same pixels as a plain one")
    func progressive() throws {
        let picture = try Pictures.noise(width: 75, height: 50)
        var options = JPEGOptions()
        let plain = try PhotoSource(bytes: picture.jpegData(options)).pixels()
        options.isProgressive = true
        let progressive = try PhotoSource(bytes: picture.jpegData(options)).pixels()
        let difference = Pictures.largestDifference(plain, progressive)
        #expect(difference == 0)
        #expect(progressive.damage == nil)
        #expect(progressive.decodedFraction == 1)
    }

    @Test(
        "A picture is reduced to the side asked for and never enlarged",
        arguments: [1, 10, 99, 100, 150, 199, 200, 399, 400, 401, 5000])
    func reduced(maximumSide: Int) throws {
        let picture = try Pictures.patches(width: 400, height: 320)
        var options = JPEGOptions()
        options.quality = 100
        options.isColourHalved = false
        let photo = try PhotoSource(bytes: picture.jpegData(options))
        let pixels = try photo.pixels(maximumSide: maximumSide)
        let side = min(400, maximumSide)
        #expect(pixels.width == side)
        #expect(pixels.height == max(1, (320 * side + 200) / 400))
        let expected = try picture.reduced(maximumSide: side)
        let difference = Pictures.largestDifference(pixels, expected)
        // The decoder's own halving is slightly softer at the patches' edges.
        #expect(difference <= 24)
    }

    @Test("A JPEG cut short keeps its existing rows, and says how many", arguments: [0, 1])
    func cutShort(rowsPerRestart: Int) throws {
        let picture = try Pictures.noise(width: 64, height: 320)
        var options = JPEGOptions()
        options.rowsPerRestart = rowsPerRestart
        let bytes = try picture.jpegData(options)
        let whole = try PhotoSource(bytes: bytes).pixels()
        var last = 0.0
        var partialCount = 0
        for byteCount in stride(from: 0, to: bytes.count, by: 97) {
            do {
                let photo = try PhotoSource(bytes: Array(bytes[..<byteCount]))
                let pixels = try photo.pixels()
                let rows = Int(pixels.decodedFraction * 320)
                #expect(pixels.decodedFraction >= last)
                #expect(pixels.damage == "the picture ends early (\(rows) of 320 rows)")
                // The last row blends with what follows it.
                let difference = Pictures.largestDifference(
                    pixels, whole, rows: 0..<max(0, rows - 1))
                #expect(difference == 0)
                // Most of the bytes are rows, so the fraction follows the bytes.
                #expect(abs(pixels.decodedFraction - Double(byteCount) / Double(bytes.count)) < 0.1)
                last = pixels.decodedFraction
                partialCount += 1
            } catch {
                #expect(last == 0, "what a shorter file showed, a longer one does too")
                #expect(error.code == (byteCount < 3 ? .notAPhoto : .endsEarly))
            }
        }
        #expect(last > 0.9)
        #expect(partialCount > 100)
    }

    @Test("A progressive JPEG cut short has all rows once its first pass is there")
    func progressiveCutShort() throws {
        let picture = try Pictures.noise(width: 64, height: 320)
        var options = JPEGOptions()
        options.isProgressive = true
        let bytes = try picture.jpegData(options)
        var last = 0.0
        var partialCount = 0
        var coarseCount = 0
        for byteCount in stride(from: 0, to: bytes.count - 2, by: 23) {
            do {
                let pixels = try PhotoSource(bytes: Array(bytes[..<byteCount])).pixels()
                #expect(pixels.decodedFraction >= last)
                last = pixels.decodedFraction
                if last < 1 {
                    let rows = Int(last * 320)
                    #expect(pixels.damage == "the picture ends early (\(rows) of 320 rows)")
                    partialCount += 1
                } else {
                    #expect(pixels.damage == "the picture ends early (it lacks detail)")
                    coarseCount += 1
                }
            } catch {
                #expect(last == 0)
                #expect(error.code == (byteCount < 3 ? .notAPhoto : .endsEarly))
            }
        }
        #expect(partialCount > 3)
        #expect(coarseCount > 100)
    }

    @Test("A JPEG without its end mark has all rows and is damaged")
    func endMarkMissing() throws {
        let bytes = try Pictures.noise(width: 40, height: 40).jpegData()
        let pixels = try PhotoSource(bytes: Array(bytes.dropLast(2))).pixels()
        #expect(pixels.decodedFraction == 1)
        #expect(pixels.damage == "the file ends early, after the picture's last row")
    }

    @Test("Zeros before the end mark and anything after it are no damage")
    func padding() throws {
        let bytes = try Pictures.noise(width: 40, height: 40).jpegData()
        let padded = bytes[..<(bytes.count - 2)] + [0, 0, 0, 0, 0xFF, 0xD9, 1, 2, 3, 0xFF, 0xD8]
        let pixels = try PhotoSource(bytes: Array(padded)).pixels()
        #expect(pixels.decodedFraction == 1)
        #expect(pixels.damage == nil)
    }

    @Test("Overwritten data are noticed, and nothing before them is lost", arguments: [0, 1])
    func overwritten(rowsPerRestart: Int) throws {
        let picture = try Pictures.noise(width: 64, height: 320)
        var options = JPEGOptions()
        options.rowsPerRestart = rowsPerRestart
        var bytes = try picture.jpegData(options)
        let whole = try PhotoSource(bytes: bytes).pixels()
        let middle = bytes.count / 2
        var generator = SplitMix64(seed: 7)
        for index in middle..<middle + 600 { bytes[index] = UInt8(generator.next() & 255) }
        let pixels = try PhotoSource(bytes: bytes).pixels()
        let damage = pixels.damage
        #expect(damage?.contains("damaged") == true)
        let difference = Pictures.largestDifference(pixels, whole, rows: 0..<128)
        #expect(difference == 0)
        if rowsPerRestart == 1 {
            // Restart markers correct the decoder.
            let difference = Pictures.largestDifference(pixels, whole, rows: 260..<320)
            #expect(difference == 0)
            #expect(pixels.decodedFraction == 1)
        }
    }

    @Test("An end mark in the middle of the data ends the picture there", arguments: [0, 1])
    func strayEndMark(rowsPerRestart: Int) throws {
        let picture = try Pictures.noise(width: 64, height: 320)
        var options = JPEGOptions()
        options.rowsPerRestart = rowsPerRestart
        var bytes = try picture.jpegData(options)
        let middle = bytes.count / 2
        bytes.replaceSubrange(middle..<middle + 2, with: [0xFF, 0xD9])
        let pixels = try PhotoSource(bytes: bytes).pixels()
        #expect(pixels.decodedFraction > 0.4 && pixels.decodedFraction < 0.5)
        let rows = Int(pixels.decodedFraction * 320)
        #expect(pixels.damage == "the picture is damaged after \(rows) of 320 rows")
    }

    @Test("A progressive JPEG with a broken later pass shows the passes before it")
    func brokenPass() throws {
        let picture = try Pictures.noise(width: 64, height: 64)
        var options = JPEGOptions()
        options.isProgressive = true
        var bytes = try picture.jpegData(options)
        // The last table of Huffman codes gets more codes than possible.
        let table = try #require(bytes.indices.last { bytes[$0...].starts(with: [0xFF, 0xC4]) })
        bytes.replaceSubrange(table + 5..<table + 21, with: Array(repeating: 255, count: 16))
        let pixels = try PhotoSource(bytes: bytes).pixels()
        #expect(pixels.decodedFraction == 1)
        #expect(pixels.damage == "parts of the picture are damaged")
    }

    @Test("A JPEG of 12 bits is refused with the reason")
    func twelveBits() throws {
        var bytes = try Pictures.noise(width: 16, height: 16).jpegData()
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0]) })
        bytes[frame + 4] = 12
        let error = #expect(throws: ImageError.self) { try PhotoSource(bytes: bytes) }
        #expect(error?.code == .unsupported)
        #expect(error?.reason.contains("12") == true)
    }
}
