/* Three stages of the quarter written by hand in C, the whole work of each: the same draws, the same
 * exp, log and normal quantile, the same rules, the same exact sums. Compiled with -ffp-contract=off it
 * gives the engine's numbers to the last bit.
 *
 * columns.h is written by c_twin.py from the engine's own declarations: a struct of pointers for each table
 * of columns, a struct of doubles for each table of parameters, constants, numbers of the streams. "ivdep"
 * promises that no two columns overlap, so that the compiler vectorises without asking at run time; flags are
 * made numbers a block of rows at a time, because gcc does not vectorise a loop that mixes one-byte and
 * eight-byte columns.
 */

#include "columns.h"

#include "c_arithmetic.h"

#define BLOCK 512

void learn(int64_t rows, const Identity *identity, const Research *research, const Ventures *ventures,
           const Knowledge *stocks, const double *pool, const KnowledgeTraits *traits)
{
    const KnowledgeTraits t = *traits;
    for (int64_t from = 0; from < rows; from += BLOCK) {
        const int64_t count = rows - from < BLOCK ? rows - from : BLOCK;
        double met[BLOCK];
        for (int64_t j = 0; j < count; j++)
            met[j] = pool[identity->tech_class[from + j] > 0 ? identity->tech_class[from + j] : 0];
#pragma GCC ivdep
        for (int64_t j = 0; j < count; j++) {
            const int64_t i = from + j;
            double stock = stocks->knowledge[i];
            double capacity = stock / (stock + t.absorption);
            double absorbed = t.spill * capacity * 2.0 * met[j] / (1.0 + met[j]) * stock;
            double bought = t.service_yield * ventures->service[i];
            double gained = research->rd[i] * t.step + ventures->project_rd[i] + bought + absorbed;
            stocks->learning[i] = bought + absorbed;
            stocks->knowledge[i] = larger(t.floor, stock * (1.0 - t.fade) + gained);
        }
    }
}

void research(int64_t rows, const Identity *identity, const Market *market, const Money *money,
              const Books *books, const Research *own, const FirmLevers *levers, const Law *law,
              const ResearchTraits *traits, double wage, int64_t seed, int64_t moment, int64_t *totals)
{
    const ResearchTraits t = *traits;
    const Law l = *law;
    int64_t bills = 0, relabelling = 0, bound = 0;
    for (int64_t from = 0; from < rows; from += BLOCK) {
        const int64_t count = rows - from < BLOCK ? rows - from : BLOCK;
        uint32_t word[BLOCK];
        double live[BLOCK], began[BLOCK], startup[BLOCK], committed[BLOCK], does[BLOCK], held[BLOCK];
#pragma GCC ivdep
        for (int64_t j = 0; j < count; j++)
            word[j] = philox(seed, identity->id[from + j], (uint32_t)moment, START / 4).word[START % 4];
        for (int64_t j = 0; j < count; j++) {
            live[j] = identity->alive[from + j];
            began[j] = own->performer[from + j];
            startup[j] = own->startup[from + j];
            committed[j] = own->startup[from + j] | (own->performer[from + j] & books->pursues[from + j]);
        }
#pragma GCC ivdep
        for (int64_t j = 0; j < count; j++) {
            const int64_t i = from + j;
            double sales = larger(1.0, market->sales[i]);
            double cash = money->cash[i], tied = money->working_capital[i];
            double before = own->plan[i], income = books->taxable[i];
            double shift = t.shift_memory * (double)own->start_shift[i] + t.shift_noise * shock(word[j]);
            double intensity = larger(1e-6, (double)own->intensity[i]);
            int small = (income <= l.second_limit) & ((double)market->employees[i] <= l.staff_limit)
                        & (tied + 0.5 * sales + cash <= l.asset_limit);
            double low = income <= l.first_limit ? l.small_first : l.small_second;
            double rate = smaller(small ? low : l.standard, levers->tax_ceiling[i]);
            double used = income > 0.0 ? 1.0 : t.future_use;
            double cost = (1.0 - rate * (1.0 + levers->deduction[i]) * used) / (1.0 - rate * used);
            double relative = cost * levers->rd_price[i] / t.reference_cost;
            double wanted = intensity * sales * exp_(-t.elasticity * log_(relative));
            double wish = startup[j] != 0.0 ? before : wanted;
            double taste = (double)own->start_taste[i] + shift;
            double value = intensity * sales * exp_(taste + t.start_size * log_(sales / t.million));
            double starting = t.starting_cost * t.starting_rate * levers->start_cost[i];
            double asked = relative * intensity * sales + relative * t.running_cost
                           + (began[j] != 0.0 ? 0.0 : relative * starting);
            double keeps = value > asked ? 1.0 : committed[j];
            double planned = larger(1.0, before);
            double target = keeps != 0.0 ? wish : LEAST;
            double adjusted = planned * exp_(t.speed * log_(larger(1.0, target) / planned));
            double stays = adjusted > RESEARCHER * t.million ? began[j] : 0.0;
            double performs = live[j] * larger(keeps, stays);
            int goes = performs != 0.0;
            double kept = larger(LEAST, began[j] != 0.0 ? adjusted : t.start_level * wish);
            double plan = goes ? kept : 0.0;
            double raised = larger((double)own->topup[i] * sales, (1.0 - t.speed) * (double)own->raised[i]);
            double aim = plan + raised;
            double earned = (double)market->profit[i] * BUDGET;
            double at_hand = larger(0.0, cash + earned + t.collateral * tied - money->debt[i]);
            double affordable = t.money_share * at_hand / (levers->rd_price[i] * BUDGET);
            double spent = goes ? (aim < affordable ? aim : affordable) : 0.0;
            double extra = performs * ((double)own->relabel_share[i] * sales);
            double bill = spent * levers->rd_price[i] * t.step;
            double hidden = t.relabel_price * extra * t.step;
            own->start_shift[i] = (float)shift;
            own->plan[i] = plan;
            own->raised[i] = (float)(goes ? raised : 0.0);
            own->rd[i] = spent / wage;
            own->relabelled[i] = extra;
            books->rd_year[i] += spent / wage * t.step;
            books->reported_year[i] += (spent + extra) * t.step;
            books->profit_year[i] -= bill + hidden;
            money->net[i] -= bill + hidden;
            bills += exact_units(bill);
            relabelling += exact_units(hidden);
            does[j] = performs;
            held[j] = affordable < aim ? performs : 0.0;
        }
        for (int64_t j = 0; j < count; j++) {
            own->performer[from + j] = (int8_t)does[j];
            own->bound[from + j] = (int8_t)held[j];
            bound += (int64_t)held[j];
        }
    }
    totals[0] = bills;
    totals[1] = relabelling;
    totals[2] = bound;
}

void trade(int64_t rows, const Identity *identity, const Market *market, const Money *money,
           const Knowledge *stocks, const Books *books, const Research *research, const double *demand,
           const double *level, const MarketTraits *traits, double follow, int64_t seed, int64_t calendar_year,
           int64_t moment, int64_t *totals)
{
    const MarketTraits t = *traits;
    const uint32_t year = (uint32_t)calendar_year;
    const double middling = log_(MIDDLING * t.million), owner_run = OWNER_RUN * t.million;
    int64_t revenue = 0, wages = 0, materials = 0, credit = 0, interest = 0;
    for (int64_t from = 0; from < rows; from += BLOCK) {
        const int64_t count = rows - from < BLOCK ? rows - from : BLOCK;
        uint32_t growth_word[BLOCK], fitness_word[BLOCK], scale_word[BLOCK];
        double change[BLOCK], rivals[BLOCK], live[BLOCK], earns[BLOCK], startup[BLOCK];
#pragma GCC ivdep
        for (int64_t j = 0; j < count; j++) {
            Words now = philox(seed, identity->id[from + j], (uint32_t)moment, GROWTH / 4);
            growth_word[j] = now.word[GROWTH % 4];
            fitness_word[j] = now.word[FITNESS % 4];
        }
#pragma GCC ivdep
        for (int64_t j = 0; j < count; j++) {
            Words of_year = philox(seed, identity->id[from + j], year, GROWTH_SCALE / 4);
            scale_word[j] = of_year.word[GROWTH_SCALE % 4];
        }
        for (int64_t j = 0; j < count; j++) {
            int sector = identity->sector[from + j] > 0 ? identity->sector[from + j] : 0;
            change[j] = demand[sector];
            rivals[j] = level[sector] - market->vintage[from + j];
            live[j] = identity->alive[from + j];
            earns[j] = identity->alive[from + j] & (identity->stratum[from + j] != TEAM);
            startup[j] = research->startup[from + j];
        }
#pragma GCC ivdep
        for (int64_t j = 0; j < count; j++) {
            const int64_t i = from + j;
            double before = larger(1.0, market->sales[i]);
            double known = larger(1.0, stocks->knowledge[i]), reference = larger(1.0, stocks->reference[i]);
            double fitness = market->fitness[i], anchor = market->anchor[i];
            double tied_before = money->working_capital[i];
            double knowhow = t.knowhow * before;
            double edge = (fitness + t.learning_weight * log_((known + knowhow) / (reference + knowhow))) - rivals[j];
            double log_sales = log_(before);
            double narrower = exp_(-t.volatility_slope * (log_sales - middling));
            double scale = -log_(uniform(scale_word[j]));
            double noise = sqrt(scale) * t.volatility * narrower * normal(growth_word[j]);
            double growth = change[j] + t.selection * edge - t.reversion * (log_sales - anchor)
                            + larger(-0.7, smaller(0.7, noise));
            double factor = exp_(growth);
            double sold = before * factor;
            double bounded = larger(-0.5, smaller(0.5, edge));
            double margin = t.margin + (double)market->markup[i] + t.margin_edge * bounded;
            double earned = margin * sold - t.overhead * sold / sqrt(larger(sold, owner_run));
            double sales = live[j] != 0.0 ? sold : 0.0;
            double profit = earns[j] != 0.0 ? earned : 0.0;
            double tied = t.working_capital * sales - tied_before;
            double charge = t.interest * money->debt[i];
            double income = sales * t.step;
            double cost = income - profit * t.step;
            double pay = cost * t.wage_share;
            double budget = exp_(follow * growth);
            double faded = fitness * (1.0 - t.fitness_decay);
            market->fitness[i] = (float)(faded + t.fitness_noise * shock(fitness_word[j]));
            market->anchor[i] = (float)(anchor + change[j]);
            market->sales[i] = sales;
            double advantage = t.learning_weight * log_(known / reference);
            double staff = market->employees[i], for_sales = t.staff_returns * (log_sales + growth);
            double wanted = exp_((double)market->staffing[i] + for_sales - advantage) + research->rd[i] / t.rd_per_head;
            market->employees[i] = (float)(staff + t.staff_speed * (wanted - staff));
            market->edge[i] = (float)edge;
            market->profit[i] = (float)profit;
            money->working_capital[i] = tied_before + tied;
            money->net[i] += income - cost - tied - charge;
            books->sales_year[i] += income;
            books->profit_year[i] += profit * t.step - charge;
            research->plan[i] *= startup[j] != 0.0 ? 1.0 : budget;
            revenue += exact_units(income);
            wages += exact_units(pay);
            materials += exact_units(cost - pay);
            credit += exact_units(tied);
            interest += exact_units(charge);
        }
    }
    totals[0] = revenue;
    totals[1] = wages;
    totals[2] = materials;
    totals[3] = credit;
    totals[4] = interest;
}
