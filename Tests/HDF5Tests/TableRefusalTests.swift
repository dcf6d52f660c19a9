import CHDF5
import Foundation
import Testing
import _TestSupport

@testable import HDF5

/// Tables that are none, or whose rows cannot be taken as they are.
struct TableRefusalTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    /// The words of the error that reading the table `t`, and every value of it, throws; `nil` where it throws none.
    ///
    /// - Parameter write: plain C calls on the root of a new file.
    private func refusal(_ write: (hid_t) -> Void) throws -> String? {
        do {
            let root = try File(creating: temporary.file("file.h5")).root()
            try Library.locked { () throws(HDF5Error) in write(root.handle.identifier) }
        }
        do {
            let table = try File(reading: temporary.file("file.h5")).root().table("t", limit: 1 << 20)
            for row in 0..<table.rowCount {
                for member in table.members {
                    if case .other(let words) = try table.value(of: member, row: row) { return words }
                }
            }
            return nil
        } catch let error as HDF5Error {
            return error.description
        }
    }

    /// Writes rows of one member `m` of 8 bytes each; never closes its types.
    private func makeTable(
        _ root: hid_t, member: hid_t, shape: [hsize_t] = [1], bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0],
        creation: hid_t = chdf5_default()
    ) {
        let type = H5Tcreate(H5T_COMPOUND, max(8, H5Tget_size(member)))
        H5Tinsert(type, "m", 0, member)
        let space = H5Screate_simple(Int32(shape.count), shape, nil)
        let dataset = H5Dcreate2(root, "t", type, space, chdf5_default(), creation, chdf5_default())
        if !bytes.isEmpty {
            H5Dwrite(dataset, type, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), bytes)
        }
        H5Dclose(dataset)
        H5Sclose(space)
    }

    private func text(_ size: Int) -> hid_t {
        let type = H5Tcopy(chdf5_c_string())
        H5Tset_size(type, size)
        H5Tset_cset(type, H5T_CSET_UTF8)
        H5Tset_strpad(type, H5T_STR_NULLPAD)
        return type
    }

    @Test
    func whatIsNoTableIsRefused() throws {
        let numbers = try refusal { root in
            let space = H5Screate_simple(1, [1], nil)
            H5Dclose(
                H5Dcreate2(root, "t", chdf5_int64(), space, chdf5_default(), chdf5_default(), chdf5_default()))
        }
        #expect(numbers == "/t: it is no list of rows with members (H5Tget_class)")
        #expect(
            try TableRefusalTests().refusal { makeTable($0, member: chdf5_int64(), shape: [1, 1]) }?
                .contains("it is no list of rows") == true)
        #expect(try TableRefusalTests().refusal { H5Gclose(H5Gcreate2($0, "t", 0, 0, 0)) } != nil)
        #expect(try TableRefusalTests().refusal { H5Lcreate_soft("/u", $0, "t", 0, 0) }?.contains("is a link") == true)
        #expect(try TableRefusalTests().refusal { _ in } != nil)
    }

    @Test
    func textsAreTextAlone() throws {
        #expect(try refusal { makeTable($0, member: text(8), bytes: Array("größe\0".utf8)) } == nil)
        let behind = try TableRefusalTests().refusal { makeTable($0, member: text(8), bytes: Array("ab\0cdefg".utf8)) }
        #expect(behind?.hasPrefix("/t[0].m: a text is followed by other bytes") == true, "\(behind ?? "")")
        let broken = try TableRefusalTests().refusal {
            makeTable($0, member: text(8), bytes: [0x61, 0xFF, 0, 0, 0, 0, 0, 0])
        }
        #expect(broken?.hasPrefix("/t[0].m: a text is not valid UTF-8") == true, "\(broken ?? "")")
    }

    @Test
    func otherTypesAreNamedNotRead() throws {
        let variable = H5Tcopy(chdf5_c_string())
        H5Tset_size(variable, Int(bitPattern: UInt.max))
        H5Tset_cset(variable, H5T_CSET_UTF8)
        let pointers = try refusal { makeTable($0, member: variable, bytes: []) }
        #expect(pointers != nil)
        #expect(try TableRefusalTests().refusal { makeTable($0, member: chdf5_float64()) } == "float64")
        let square = H5Tarray_create2(chdf5_int64(), 2, [1, 1])
        #expect(try TableRefusalTests().refusal { makeTable($0, member: square) } == "array of rank 2")
    }

    @Test
    func moreThanALimitOrThanIsStoredIsNotAllocated() throws {
        let many = try refusal { makeTable($0, member: chdf5_int64(), shape: [1 << 18], bytes: []) }
        #expect(many?.contains("262144 rows of 8 bytes are too many") == true, "\(many ?? "")")
        let unwritten = try TableRefusalTests().refusal {
            makeTable($0, member: chdf5_int64(), shape: [1 << 10], bytes: [])
        }
        #expect(unwritten?.contains("its elements were never written") == true, "\(unwritten ?? "")")
    }

    @Test
    func noOtherFileIsOpened() throws {
        let raw = temporary.file("raw")
        try Data(repeating: 7, count: 16).write(to: URL(filePath: raw))
        let creation = H5Pcreate(chdf5_dataset_creation())
        H5Pset_external(creation, raw, 0, 16)
        let elsewhere = try refusal {
            makeTable($0, member: chdf5_int64(), shape: [2], bytes: [], creation: creation)
        }
        #expect(elsewhere?.contains("its elements are in another file") == true, "\(elsewhere ?? "")")
    }
}
