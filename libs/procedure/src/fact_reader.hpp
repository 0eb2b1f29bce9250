// Reads the keys of a sheet of facts.
#pragma once

#include "crossline/procedure/fact_sheet.hpp"
#include "strict_json.hpp"
#include "vocabulary.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace crossline::procedure {

// Reads one key after another into a sheet. Every failure is kMalformed; what was read before it stays in the
// sheet. Both have to outlive the reader.
class FactSheet::Reader {
 public:
  Reader(FactSheet& sheet, const Edition& edition) : sheet_(sheet), facts_(sheet.facts_), edition_(edition) {}

  Result<void> read(std::string_view key, const Json& value);

 private:
  // Plain facts (fact_reader.cpp).
  Result<void> read_at(const Json& value);
  Result<void> read_category(const Json& value);
  Result<void> read_checkpoint(const Json& value);
  Result<void> declared_or_other(const Json& value, Fact<std::string_view>& out, Source source,
                                 NameSpace space, std::vector<std::string_view> known,
                                 std::string_view other);
  static Result<std::string_view> kind_of(const Json& value);
  Result<std::string_view> issuer_of(const Json& value);
  // A time on the procedure's clock, or in UTC.
  Result<UtcMillis> time(const Json& value);
  Result<void> keep_time(const Json& value, UtcMillis& out);
  Result<void> keep_text(const Json& value, std::string_view& out);

  // Facts that are tables or lists (fact_table_reader.cpp).
  template <class T, class Row>
  Result<void> read_named(const Json& value, NameSpace space, const std::vector<std::string_view>& known,
                          std::vector<Row>& rows, std::string_view Row::* name_of_row,
                          Fact<T> Row::* fact_of_row, Result<void> (*fact_from)(const Json&, Fact<T>&));
  Result<void> read_lists(const Json& value);
  Result<void> read_permit(const Json& value);
  Result<void> read_permits(const Json& value);
  Result<void> read_stay(const Json& value, std::vector<Stay>& stays);
  Result<void> read_stays(const Json& value, Fact<std::span<const Stay>>& out, std::vector<Stay>& stays);
  Result<void> counts(const Json& value, CrossingCounts& out, Source source);
  Result<void> read_quotas(const Json& value);
  static Result<void> read_ruling(const Json& value, Notice& notice);
  Result<void> read_notice(const Json& value);
  Result<void> read_carried(const Json& value, Goods& goods);
  Result<void> read_goods(const Json& value);
  static Result<Convoy> convoy_of(const Json& value);
  Result<void> read_convoy(const Json& value);
  Result<void> read_declared(const Json& value);
  Result<DeclaredValue> declared_value(const Json& value, const DeclaredKind& kind);
  Result<void> check_article(std::string_view id) const;
  Result<void> check_roles(const std::vector<std::string_view>& roles) const;
  Result<void> read_override(const Json& value);
  Result<void> read_overrides(const Json& value);

  FactSheet& sheet_;
  Facts& facts_;
  const Edition& edition_;
};

}  // namespace crossline::procedure
