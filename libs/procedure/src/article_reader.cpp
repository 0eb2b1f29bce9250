#include "article_reader.hpp"

#include "crossline/base/limits.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kMaxSigners = 8;
constexpr std::int64_t kMaxOverride_min = 60 * 24 * 31;

}  // namespace

void ArticleReader::read_articles(const Node& root) {
  const auto list = tree_.require(root, "article");
  if (!list) return;
  const auto nodes = tree_.elements(*list);
  if (nodes.size() > limits::kMaxArticles)
    return tree_.report(*list,
                        fmt::format("{} articles; at most {} are read", nodes.size(), limits::kMaxArticles));
  bool admits = false;
  for (const Node& node : nodes) {
    read_article(node);
    for (const Clause& clause : procedure().articles.back().clauses)
      admits |= clause.kind == ClauseKind::kAdmit;
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) check_exemptions(nodes[i], procedure().articles[i]);
  tree_.enter_article({});
  if (!admits) tree_.report(*list, "no article admits anybody");
}

void ArticleReader::read_article(const Node& node) {
  Article article;
  if (const auto id = tree_.require(node, "id")) {
    article.id = tree_.text(*id);
    tree_.enter_article(article.id);
    if (article.id.empty() || article.id.size() > limits::kMaxNameBytes)
      tree_.report(*id, fmt::format("an article's id has 1 to {} bytes", limits::kMaxNameBytes));
    if (std::ranges::find(procedure().articles, article.id, &Article::id) != procedure().articles.end())
      tree_.report(*id, fmt::format("article '{}' appears twice", article.id));
  }
  tree_.allow_only(node, {"absolute", "admit", "applies_to", "duty", "exempts", "id", "if_unknown",
                          "otherwise", "override", "prohibit", "require", "survives_expiry", "text"});
  if (const auto text = tree_.require(node, "text")) article.text = operands_.words_of(*text);
  if (const auto scope = tree_.find(node, "applies_to")) article.applies_to = operands_.conditions(*scope);
  for (const ClauseKind kind : {ClauseKind::kAdmit, ClauseKind::kRequire, ClauseKind::kProhibit})
    if (const auto clause = tree_.find(node, name_of(kind))) {
      article.clauses.push_back({kind, operands_.conditions(*clause), {}});
      if (kind != ClauseKind::kAdmit && clause->value->is_object() && clause->value->empty())
        tree_.report(*clause, "no condition");
    }
  if (const auto exempts = tree_.find(node, "exempts"))
    article.clauses.push_back({ClauseKind::kExempt, {}, tree_.texts(*exempts)});
  if (const auto duty = tree_.find(node, "duty"))
    article.clauses.push_back({ClauseKind::kDuty, {}, operands_.names(*duty, NameSpace::kDuty)});
  if (article.clauses.empty())
    tree_.report(node, "the article has no clause: admit, require, prohibit, exempts or duty");
  read_outcomes(node, article);
  read_marks(node, article);
  procedure().articles.push_back(std::move(article));
}

bool ArticleReader::demands(const Article& article) {
  return std::ranges::any_of(article.clauses, [](const Clause& clause) {
    return clause.kind == ClauseKind::kRequire || clause.kind == ClauseKind::kProhibit;
  });
}

void ArticleReader::read_marks(const Node& node, Article& article) {
  if (const auto mark = tree_.find(node, "absolute")) article.absolute = tree_.flag(*mark);
  if (const auto mark = tree_.find(node, "survives_expiry")) article.survives_expiry = tree_.flag(*mark);
  const auto terms = tree_.find(node, "override");
  if (!terms) return;
  if (article.absolute) tree_.report(*terms, "an absolute article cannot be overridden");
  if (!demands(article))
    tree_.report(*terms, "the article neither requires nor prohibits: nothing to override");
  article.override_terms = read_override(*terms);
}

OverrideTerms ArticleReader::read_override(const Node& node) {
  OverrideTerms terms;
  tree_.allow_only(node, {"persons", "roles", "valid_minutes"});
  if (const auto persons = tree_.require(node, "persons"))
    terms.persons = tree_.integer(*persons, 1, kMaxSigners);
  if (const auto minutes = tree_.require(node, "valid_minutes"))
    terms.valid_minutes = tree_.integer(*minutes, 1, kMaxOverride_min);
  const auto roles = tree_.require(node, "roles");
  if (!roles) return terms;
  terms.roles = tree_.texts(*roles);
  for (const std::string& role : terms.roles) {
    const bool of_party =
        role.size() > 2 && role[1] == '.' && procedure().parties.contains(role.substr(0, 1));
    if (!of_party || role.size() > limits::kMaxNameBytes)
      tree_.report(*roles, fmt::format("'{}' is not a role of a party such as A.shift_lead", role));
  }
  return terms;
}

// An exemption lifts what others demand; it never lifts an absolute article, nor another exemption.
void ArticleReader::check_exemptions(const Node& node, const Article& article) {
  tree_.enter_article(article.id);
  for (const Clause& clause : article.clauses) {
    if (clause.kind != ClauseKind::kExempt) continue;
    const Node at = tree_.find(node, "exempts").value_or(node);
    for (const std::string& id : clause.names) {
      std::vector<std::string_view> ids;
      for (const Article& other : procedure().articles) ids.push_back(other.id);
      tree_.check_known(at, "article", id, ids);
      const auto lifted = std::ranges::find(procedure().articles, id, &Article::id);
      if (lifted == procedure().articles.end()) continue;
      if (id == article.id) tree_.report(at, "an article cannot lift itself");
      if (lifted->absolute) tree_.report(at, fmt::format("article {} is absolute: nothing lifts it", id));
      if (!demands(*lifted))
        tree_.report(at, fmt::format("article {} neither requires nor prohibits: nothing to lift", id));
    }
  }
}

void ArticleReader::read_outcomes(const Node& node, Article& article) {
  if (const auto otherwise = tree_.find(node, "otherwise")) {
    const std::string name = tree_.text(*otherwise);
    tree_.check_known(*otherwise, "outcome", name, {"refer", "refuse"});
    article.otherwise = verdict_from(name).value_or(Verdict::kRefuse);
  }
  if (const auto if_unknown = tree_.find(node, "if_unknown")) {
    const std::string name = tree_.text(*if_unknown);
    if (name == "allow") {
      tree_.report(*if_unknown, "what is unknown is never silently allowed; write 'allow_and_report'");
    } else {
      tree_.check_known(*if_unknown, "outcome", name, {"allow_and_report", "refer", "refuse"});
      article.if_unknown = enum_from(name, IfUnknown::kRefuse).value_or(IfUnknown::kRefer);
    }
  }
}

void ArticleReader::read_cases(const Node& root) {
  const auto list = tree_.find(root, "case");
  if (!list) return;
  for (const Node& node : tree_.elements(*list)) {
    tree_.allow_only(node, {"expect", "given", "name"});
    Case example;
    if (const auto name = tree_.require(node, "name")) example.name = tree_.text(*name);
    if (const auto given = tree_.require(node, "given")) {
      tree_.members(*given);
      example.given = canonical(*given->value);
    }
    if (const auto expect = tree_.require(node, "expect")) read_expectation(*expect, example);
    procedure().cases.push_back(std::move(example));
  }
}

void ArticleReader::read_expectation(const Node& node, Case& example) {
  tree_.allow_only(node, {"because", "verdict"});
  if (const auto verdict = tree_.require(node, "verdict")) {
    const std::string name = tree_.text(*verdict);
    tree_.check_known(*verdict, "verdict", name, {"allow", "refer", "refuse"});
    example.verdict = verdict_from(name).value_or(Verdict::kRefuse);
  }
  const auto because = tree_.find(node, "because");
  if (!because) return;
  example.because = tree_.texts(*because);
  std::vector<std::string_view> ids;
  for (const Article& article : procedure().articles) ids.push_back(article.id);
  for (const std::string& id : example.because) tree_.check_known(*because, "article", id, ids);
}

}  // namespace crossline::procedure
