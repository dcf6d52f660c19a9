import CHDF5
import Foundation
import Testing
import _TestSupport

@testable import HDF5

/// What libhdf5 would convert, follow, invent or allocate is refused in words.
struct RefusalTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    /// The root of a new file, after `write` has put something into it with plain C calls.
    private func root(_ write: (hid_t) throws -> Void) throws -> Group {
        do {
            let file = try File(creating: temporary.file("file.h5")).root()
            try Library.locked { () throws(HDF5Error) in
                do {
                    try write(file.handle.identifier)
                } catch {
                    Issue.record(error)
                }
            }
        }
        return try File(reading: temporary.file("file.h5")).root()
    }

    private func makeDataset(
        _ root: hid_t, type: hid_t, shape: [hsize_t], creation: hid_t = chdf5_default(), write: Bool = true
    ) {
        let space = H5Screate_simple(Int32(shape.count), shape, nil)
        let dataset = H5Dcreate2(root, "d", type, space, chdf5_default(), creation, chdf5_default())
        if write {
            let zeros = [UInt8](repeating: 0, count: 4096)
            H5Dwrite(dataset, type, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), zeros)
        }
        H5Dclose(dataset)
        H5Sclose(space)
    }

    private func makeAttribute(_ root: hid_t, type: hid_t, shape: [hsize_t], bytes: [UInt8]) {
        let space = H5Screate_simple(Int32(shape.count), shape, nil)
        let attribute = H5Acreate2(root, "a", type, space, chdf5_default(), chdf5_default())
        H5Awrite(attribute, type, bytes)
        H5Aclose(attribute)
        H5Sclose(space)
    }

    private func stringType(_ size: Int, _ set: H5T_cset_t, _ pad: H5T_str_t) -> hid_t {
        let type = H5Tcopy(chdf5_c_string())
        H5Tset_size(type, size)
        H5Tset_cset(type, set)
        H5Tset_strpad(type, pad)
        return type
    }

    /// The words of the error that `body` throws.
    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    /// A number type that differs from `type` in its size or its byte order; never closed.
    private static func variant(of type: hid_t, size: Int, order: H5T_order_t = H5T_ORDER_LE) -> hid_t {
        let copy = H5Tcopy(type)
        H5Tset_size(copy, size)
        H5Tset_order(copy, order)
        return copy
    }

    private static let otherTypes: [(words: String, make: @Sendable () -> hid_t)] = [
        ("float64", { chdf5_float64() }),
        ("signed 16-bit integer", { variant(of: chdf5_int64(), size: 2) }),
        ("big-endian 32-bit floating-point", { variant(of: chdf5_float32(), size: 4, order: H5T_ORDER_BE) }),
        ("big-endian unsigned 64-bit integer", { variant(of: chdf5_uint64(), size: 8, order: H5T_ORDER_BE) }),
    ]

    @Test(arguments: otherTypes)
    func anotherTypeIsNotConverted(words: String, type: @Sendable () -> hid_t) throws {
        let group = try root { makeDataset($0, type: type(), shape: [3]) }
        let message = message { _ = try group.dataset("d").read(as: Float.self) }
        #expect(message.contains(words) && message.contains("expected float32"), "\(message)")
    }

    @Test
    func anAttributeOfAnotherTypeOrRankIsNamedNotRead() throws {
        let narrow = try root {
            makeAttribute(
                $0, type: Self.variant(of: chdf5_int64(), size: 2), shape: [2], bytes: .init(repeating: 0, count: 4))
        }
        #expect(try narrow.attributes() == ["a": .other("signed 16-bit integer[2]")])
        let square = try RefusalTests()
        let group = try square.root {
            square.makeAttribute($0, type: chdf5_int64(), shape: [2, 2], bytes: .init(repeating: 0, count: 32))
        }
        #expect(try group.attributes() == ["a": .other("int64 of rank 2")])
    }

    @Test
    func aGiantAttributeIsRefused() throws {
        let group = try root { root in
            let creation = H5Pcreate(chdf5_group_creation())
            H5Pset_attr_phase_change(creation, 0, 0)
            let inner = H5Gcreate2(root, "g", chdf5_default(), creation, chdf5_default())
            makeAttribute(inner, type: chdf5_int64(), shape: [1 << 18], bytes: .init(repeating: 0, count: 1 << 21))
            H5Gclose(inner)
            H5Pclose(creation)
        }
        #expect(message { _ = try group.group("g").attributes() }.contains("/g@a: it claims more than 1048576 bytes"))
    }

    @Test
    func anAttributeWithoutExtentIsRefused() throws {
        let group = try root { root in
            let space = H5Screate(H5S_NULL)
            H5Aclose(H5Acreate2(root, "a", chdf5_int64(), space, chdf5_default(), chdf5_default()))
            H5Sclose(space)
        }
        #expect(message { _ = try group.attributes() }.contains("/@a: it has no extent at all"))
    }

    @Test
    func textOtherThanUTF8IsNotRead() throws {
        let ascii = try root {
            makeAttribute($0, type: stringType(2, H5T_CSET_ASCII, H5T_STR_NULLPAD), shape: [1], bytes: [65, 66])
        }
        #expect(try ascii.attributes() == ["a": .other("string that is not marked as UTF-8[1]")])
        let invalid = try RefusalTests()
        let group = try invalid.root {
            invalid.makeAttribute(
                $0, type: stringType(2, H5T_CSET_UTF8, H5T_STR_NULLPAD), shape: [1], bytes: [0xFF, 0x41])
        }
        #expect(message { _ = try group.attributes() }.contains("/@a: a text is not valid UTF-8"))
        let trailing = try RefusalTests()
        let other = try trailing.root {
            trailing.makeAttribute(
                $0, type: stringType(3, H5T_CSET_UTF8, H5T_STR_NULLPAD), shape: [1], bytes: [0x41, 0, 0x41])
        }
        #expect(message { _ = try other.attributes() }.contains("followed by other bytes"))
    }

    @Test
    func textOfVariableLengthIsNotRead() throws {
        let group = try root { root in
            let type = stringType(Int(bitPattern: UInt.max), H5T_CSET_UTF8, H5T_STR_NULLTERM)
            let space = H5Screate(H5S_SCALAR)
            let attribute = H5Acreate2(root, "a", type, space, chdf5_default(), chdf5_default())
            let status = "text".withCString { H5Awrite(attribute, type, [$0]) }
            #expect(status >= 0)
            H5Aclose(attribute)
            H5Sclose(space)
            H5Tclose(type)
        }
        #expect(try group.attributes() == ["a": .other("variable-length string")])
    }

    @Test
    func aGiantDatasetIsRefusedBeforeItIsAllocated() throws {
        let group = try root {
            let creation = H5Pcreate(chdf5_dataset_creation())
            H5Pset_chunk(creation, 2, [1, 1024])
            makeDataset($0, type: chdf5_float32(), shape: [1 << 20, 1 << 20], creation: creation, write: false)
            H5Pclose(creation)
        }
        #expect(message { _ = try group.dataset("d").read(as: Float.self) }.contains("takes more than"))
    }

    @Test
    func elementsNeverWrittenAreNotInventedAsZeros() throws {
        let group = try root {
            makeDataset($0, type: chdf5_float32(), shape: [1024], write: false)
        }
        #expect(message { _ = try group.dataset("d").read(as: Float.self) }.contains("never written"))
    }

    @Test
    func elementsWrittenInPartAreRefused() throws {
        let group = try root { root in
            let creation = H5Pcreate(chdf5_dataset_creation())
            H5Pset_chunk(creation, 1, [1])
            let space = H5Screate_simple(1, [100_000], nil)
            let dataset = H5Dcreate2(root, "d", chdf5_float32(), space, chdf5_default(), creation, chdf5_default())
            let memory = H5Screate_simple(1, [1], nil)
            H5Sselect_elements(space, H5S_SELECT_SET, 1, [0])
            H5Dwrite(dataset, chdf5_float32(), memory, space, chdf5_default(), [Float(1)])
            H5Dclose(dataset)
        }
        #expect(message { _ = try group.dataset("d").read(as: Float.self) }.contains("more than the 4 stored can hold"))
    }

    @Test
    func noOtherFileIsOpened() throws {
        try Data(repeating: 7, count: 16).write(to: URL(filePath: temporary.file("raw")))
        let elsewhere = try RefusalTests()
        _ = try elsewhere.root { elsewhere.makeDataset($0, type: chdf5_float32(), shape: [1]) }
        let group = try root {
            H5Lcreate_external(
                elsewhere.temporary.file("file.h5"), "/d", $0, "linked", chdf5_default(), chdf5_default())
            let creation = H5Pcreate(chdf5_dataset_creation())
            H5Pset_external(creation, temporary.file("raw"), 0, 16)
            makeDataset($0, type: chdf5_float32(), shape: [4], creation: creation, write: false)
            H5Pclose(creation)
        }
        #expect(message { _ = try group.dataset("linked") }.contains("link to another place"))
        #expect(try group.links().filter { !$0.isHard }.map(\.name) == ["linked"])
        #expect(message { _ = try group.dataset("d") }.contains("in another file"))
    }

    /// To ask for the space of a virtual dataset opens what it names, and waits for a pipe's writer for ever.
    @Test
    func aVirtualDatasetIsRefusedBeforeItsSourceIsOpened() throws {
        let pipe = temporary.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let group = try root {
            let unlimited = hsize_t.max
            let space = H5Screate_simple(1, [4], [unlimited])
            H5Sselect_hyperslab(space, H5S_SELECT_SET, [0], [1], [unlimited], [1])
            let creation = H5Pcreate(chdf5_dataset_creation())
            H5Pset_virtual(creation, space, pipe, "d", space)
            let dataset = H5Dcreate2($0, "d", chdf5_float32(), space, chdf5_default(), creation, chdf5_default())
            H5Dclose(dataset)
            H5Pclose(creation)
            H5Sclose(space)
        }
        #expect(message { _ = try group.dataset("d") }.contains("its layout is not one of its own file's"))
    }

    @Test
    func aCommittedTypeIsRefused() throws {
        let group = try root {
            let type = H5Tcopy(chdf5_float32())
            H5Tcommit2($0, "t", type, chdf5_default(), chdf5_default(), chdf5_default())
            makeDataset($0, type: type, shape: [4])
            H5Tclose(type)
        }
        #expect(message { _ = try group.dataset("d") }.contains("its type is an object of its own"))
        #expect(message { _ = try group.dataset("t") } != "no error")
        #expect(message { _ = try group.group("t") } != "no error")
    }

    @Test
    func referencesAreNotRead() throws {
        let group = try root { root in
            var reference: hobj_ref_t = 0
            H5Rcreate(&reference, root, ".", H5R_OBJECT, -1)
            let space = H5Screate_simple(1, [1], nil)
            let attribute = H5Acreate2(
                root, "a", chdf5_object_reference(), space, chdf5_default(), chdf5_default())
            H5Awrite(attribute, chdf5_object_reference(), &reference)
            H5Aclose(attribute)
            H5Sclose(space)
        }
        #expect(try group.attributes() == ["a": .other("reference[1]")])
    }

    @Test
    func moreNamesOrAttributesThanWantedAreNotRead() throws {
        let group = try root { root in
            for place in 0..<5 {
                H5Gclose(H5Gcreate2(root, "g\(place)", chdf5_default(), chdf5_default(), chdf5_default()))
                let space = H5Screate(H5S_SCALAR)
                H5Aclose(H5Acreate2(root, "a\(place)", chdf5_int64(), space, chdf5_default(), chdf5_default()))
                H5Sclose(space)
            }
        }
        #expect(try group.links(limit: 5).count == 5)
        #expect(message { _ = try group.links(limit: 4) }.contains("it holds more than 4 names"))
        #expect(try group.attributes(limit: 5).count == 5)
        #expect(message { _ = try group.attributes(limit: 4) }.contains("it has more than 4 attributes"))
    }

    @Test
    func noFilterIsLookedForOutsideTheLibrary() throws {
        let group = try root {
            let creation = H5Pcreate(chdf5_dataset_creation())
            H5Pset_chunk(creation, 1, [4])
            // Optional, so that a dataset with it can be made without its being there.
            H5Pset_filter(creation, 32_001, UInt32(H5Z_FLAG_OPTIONAL), 0, nil)
            makeDataset($0, type: chdf5_float32(), shape: [4], creation: creation)
            H5Pclose(creation)
        }
        #expect(message { _ = try group.dataset("d") }.contains("its filter 32001 is none of deflate"))
    }

    @Test(arguments: ["", ".", "a/b", "/", "a\0b"])
    func aPathIsNotAName(name: String) throws {
        let group = try root { _ in }
        #expect(message { _ = try group.dataset(name) }.contains("is not the name of a member"))
    }

    @Test
    func anErrorCarriesTheLibrarysOwnWords() throws {
        let group = try root { _ in }
        do {
            _ = try group.dataset("absent")
            Issue.record("no error")
        } catch {
            #expect(error.function == "H5Lget_info")
            #expect(error.object == "/absent")
            #expect(error.stack.contains { $0.message == "name doesn't exist" }, "\(error.stack)")
            #expect(error.description.hasPrefix("/absent: name doesn't exist (H5Lget_info: "))
        }
    }

    /// libhdf5 would take two images of one name for the same file.
    @Test
    func twoImagesOfOneNameAreTwoFiles() throws {
        let other = try RefusalTests()
        _ = try root { makeAttribute($0, type: chdf5_int64(), shape: [1], bytes: [1, 0, 0, 0, 0, 0, 0, 0]) }
        _ = try other.root { makeAttribute($0, type: chdf5_int64(), shape: [1], bytes: [2, 0, 0, 0, 0, 0, 0, 0]) }
        let images = try [temporary, other.temporary].map { try $0.read("file.h5") }
        let first = try File(image: images[0], path: "same")
        let second = try File(image: images[1], path: "same")
        #expect(try first.root().attributes() == ["a": .int64s([1])])
        #expect(try second.root().attributes() == ["a": .int64s([2])])
    }

    @Test
    func whatIsNotHDF5IsRefused() throws {
        for content in [Data(), Data("not HDF5".utf8), Data(repeating: 0, count: 4096)] {
            let path = temporary.file("\(content.count).h5")
            try content.write(to: URL(filePath: path))
            #expect(message { _ = try File(reading: path) }.contains("\(path): "))
        }
    }
}
