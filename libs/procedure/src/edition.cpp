#include "crossline/procedure/edition.hpp"

#include "compiled.hpp"
#include "crossline/base/text.hpp"
#include "reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace crossline::procedure {
namespace {

bool says_nothing_or_contains(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

}  // namespace

std::string_view Text::in(std::string_view language) const {
  if (by_language_.empty()) return {};
  for (const std::string_view wanted : {language, std::string_view("en")})
    if (const auto found = by_language_.find(std::string(wanted)); found != by_language_.end())
      return found->second;
  return by_language_.begin()->second;
}

Result<Edition> Edition::load(ByteView sealed) {
  auto tree = parse_strict(sealed);
  if (!tree) return std::unexpected(std::move(tree.error()).at("sealed procedure"));
  auto read = read_procedure(*tree, Form::kSealed, {});
  if (!read) {
    const Problem& first = read.error().front();
    return fail(ErrorCode::kMalformed, "sealed procedure: {}", first.to_string(""));
  }
  // What the reader understood, written again, must be what was read: anything else is another spelling.
  if (canonical(write_procedure(read->procedure)) != as_text(sealed))
    return fail(ErrorCode::kMalformed, "sealed procedure: not in canonical form");
  return Edition(
      std::make_shared<const CompiledProcedure>(std::move(read->procedure), crypto::sha256(sealed)));
}

const crypto::Hash& Edition::hash() const {
  return compiled_->hash;
}
std::string_view Edition::name() const {
  return compiled_->procedure.name;
}
std::uint64_t Edition::number() const {
  return compiled_->procedure.edition;
}
UtcMillis Edition::from() const {
  return compiled_->procedure.from;
}
UtcMillis Edition::until() const {
  return compiled_->procedure.until;
}
const std::vector<std::string>& Edition::languages() const {
  return compiled_->languages;
}
const std::vector<Article>& Edition::articles() const {
  return compiled_->procedure.articles;
}
const std::vector<Predicate>& Edition::predicates() const {
  return compiled_->procedure.predicates;
}
const std::vector<Category>& Edition::categories() const {
  return compiled_->procedure.categories;
}
const std::vector<Checkpoint>& Edition::checkpoints() const {
  return compiled_->procedure.checkpoints;
}
const std::vector<Case>& Edition::cases() const {
  return compiled_->procedure.cases;
}
const Procedure& Edition::procedure() const {
  return compiled_->procedure;
}

bool fits(const Category& category, std::string_view document_kind, std::string_view document_issuer) {
  const auto& excluded = category.not_document_issuers;
  return says_nothing_or_contains(category.document_kinds, document_kind) &&
         says_nothing_or_contains(category.document_issuers, document_issuer) &&
         std::ranges::find(excluded, document_issuer) == excluded.end();
}

std::vector<std::string_view> Edition::categories_of(std::string_view document_kind,
                                                     std::string_view document_issuer) const {
  std::vector<std::string_view> out;
  for (const Category& category : categories())
    if (fits(category, document_kind, document_issuer)) out.push_back(category.name);
  return out;
}

std::int64_t Edition::local_day(UtcMillis instant) const {
  return compiled_->procedure.offsets.local_day(instant);
}

UtcMillis Edition::instant_of(std::int64_t local_s) const {
  return {compiled_->procedure.offsets.to_utc(local_s) * 1000};
}

Decision Edition::decide(const Facts& facts, UtcMillis instant) const {
  Decision decision;
  decide(facts, instant, decision);
  return decision;
}

std::string undeclared_checkpoint(const Edition& edition, std::string_view name) {
  std::vector<std::string_view> declared;
  for (const Checkpoint& checkpoint : edition.checkpoints()) declared.push_back(checkpoint.name);
  if (declared.empty() || std::ranges::find(declared, name) != declared.end()) return "";
  const auto nearest = nearest_name(name, declared);
  return fmt::format("edition {} declares no checkpoint '{}'; {}", edition.number(), name,
                     nearest ? fmt::format("did you mean '{}'?", *nearest)
                             : fmt::format("it declares {}", fmt::join(declared, ", ")));
}

}  // namespace crossline::procedure
